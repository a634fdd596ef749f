import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { htmlFormat } from '../../src/formats/html';
import { hostileNames, hostileStack } from '../fixtures/hostile';
import { SCENARIOS } from '../fixtures/scenarios';
import { reviewOf } from '../support';
import { manyGrants } from '../fixtures/many';
import { launch } from './chromium';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const pages: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(SCENARIOS).map(([name, scenario]) => [name, htmlFormat.render(reviewOf(scenario()))]),
  ),
  'names that mean something elsewhere': htmlFormat.render(
    reviewOf(Object.fromEntries(hostileNames().map((name, index) => [`stack-${index}`, hostileStack(name)]))),
  ),
  'one very long name': htmlFormat.render(reviewOf(hostileStack('x'.repeat(500)))),
  'many grants': htmlFormat.render(reviewOf(manyGrants(30, 30, 120))),
  acknowledgements: htmlFormat.render(
    reviewOf(SCENARIOS['grant removed, product opened, drift']?.() ?? {}, {
      allowed: [
        { rule: 'product-open', address: 'azapi_resource.gold', reason: 'agreed', expires: '2027-01-01' },
        { rule: 'access-lost', address: 'nowhere', reason: 'old', expires: '2026-01-01' },
      ],
    }),
  ),
};

/**
 * Waits until an expression holds. It is asked for from outside: the page's own content security policy
 * refuses an expression that is waited for inside of it.
 */
async function until(page: Page, expression: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await page.evaluate(expression)) {
      return;
    }
    await setTimeout(50);
  }
  throw new Error(`after ten seconds it still does not hold: ${expression}`);
}

function captionsOf(page: Page): Promise<string[]> {
  return page.$$eval('caption', (captions) => captions.map(({ id }) => `#${id}`));
}

describe('a review in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a review from its file; what the browser complains of or asks for is collected. */
  async function open(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; complaints: string[]; requests: string[] }> {
    const file = join(folder, 'review.html');
    writeFileSync(file, pages[name] ?? '');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, complaints, requests };
  }

  test.each(Object.keys(pages))(
    '%s: no complaint, no request, no violation found by axe in light and dark',
    async (name) => {
      const { page, complaints, requests } = await open(name);
      await page.evaluate(AXE);
      // what the colours of a scheme can break is their contrast
      for (const [colorScheme, rules] of [
        ['light', undefined],
        ['dark', ['color-contrast']],
      ] as const) {
        await page.emulateMedia({ colorScheme });
        const violations = await page.evaluate(async (only) => {
          const { axe } = globalThis as unknown as {
            axe: { run: (o: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const found = await axe.run({
            resultTypes: ['violations'],
            ...(only === undefined ? {} : { runOnly: [...only] }),
          });
          return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
        }, rules);
        expect({ colorScheme, violations }).toEqual({ colorScheme, violations: [] });
      }
      expect({ complaints, others: requests.slice(1) }).toEqual({ complaints: [], others: [] });
      await page.close();
    },
    120_000,
  );

  test.each(Object.keys(pages))(
    '%s: nothing but tables and drawings is wider than a page of 320 pixels',
    async (name) => {
      const { page } = await open(name, { viewport: { width: 320, height: 640 } });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      await page.close();
    },
    60_000,
  );

  test('on a phone both drawings of many grants are there as wholes, and captions wrap beside wide tables', async () => {
    const { page } = await open('many grants', { viewport: { width: 390, height: 844 } });
    for (const selector of ['#graph-before', '#graph-after', ...(await captionsOf(page))]) {
      const box = await page.locator(selector).boundingBox();
      expect({ selector, right: Math.round((box?.x ?? 0) + (box?.width ?? 999)) <= 390 }).toEqual({
        selector,
        right: true,
      });
    }
    await page.close();
  });

  test.each([1280, 320])('matrix and both drawings are there to see at %d pixels', async (width) => {
    const { page } = await open('several stacks', { viewport: { width, height: 900 } });
    for (const selector of ['#matrix-table', '#graph-before', '#graph-after']) {
      const box = await page.locator(selector).boundingBox();
      expect(await page.locator(selector).isVisible()).toBe(true);
      expect(box?.width).toBeGreaterThan(150);
      expect(box?.height).toBeGreaterThan(60);
      expect(box?.x).toBeGreaterThanOrEqual(0);
    }
    await page.close();
  });

  test('lines of the drawing end at their boxes, and differ in more than colour', async () => {
    const { page } = await open('several stacks');
    const strokes = await page.$$eval('#graph-before .edge, #graph-after .edge', (edges) =>
      edges.map((edge) => {
        const { strokeWidth, strokeDasharray } = (globalThis as any).getComputedStyle(edge);
        return `${edge.getAttribute('class')} ${strokeWidth} ${strokeDasharray}`;
      }),
    );
    expect([...new Set(strokes)].sort()).toEqual([
      'edge gained 4px none',
      'edge kept 1.5px none',
      'edge lost 2.5px 8px, 5px',
      'edge way 3px 1px, 6px',
    ]);
    await page.close();
  });

  test('the keyboard gets from the skip link to every table and scrolls it', async () => {
    const { page } = await open('several stacks', { viewport: { width: 320, height: 640 } });
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the review');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('review');
    const reached: string[] = [];
    while (reached.at(-1) !== 'stacks-caption' && reached.length < 40) {
      await page.keyboard.press('Tab');
      const region = await page.evaluate(
        "document.activeElement.matches('.scroll') ? document.activeElement.getAttribute('aria-labelledby').split(' ').at(-1) : ''",
      );
      if (region === 'access-caption') {
        await page.keyboard.press('ArrowRight');
        await until(page, 'document.activeElement.scrollLeft > 0');
      }
      reached.push(String(region));
    }
    expect(reached.filter((region) => region !== '')).toEqual([
      'access-caption',
      'graph-before-caption',
      'graph-after-caption',
      'blast-radius-caption',
      'ways-in-caption',
      'matrix-caption',
      'stacks-caption',
    ]);
    await page.close();
  });

  test('on paper it is light, nothing is cut off and the words of the drawing are there', async () => {
    const { page } = await open('several stacks', { colorScheme: 'dark', viewport: { width: 720, height: 1000 } });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.querySelector("section")).backgroundColor')).toBe(
      'rgb(255, 255, 255)',
    );
    const cut = await page.$$eval('.scroll', (regions) =>
      regions.filter((region) => region.scrollWidth - region.clientWidth > 1).map((region) => region.innerHTML),
    );
    expect(cut).toEqual([]);
    expect(await page.locator('details li').first().isVisible()).toBe(true);
    await page.close();
  });
});
