import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { declaredAccess } from '../../src/declared/access';
import { pictureOf } from '../../src/declared/picture';
import { readStacks } from '../../src/declared/stacks';
import type { Picture } from '../../src/picture/model';
import { page as pageOf } from '../../src/picture/page';
import { portfolio, synthesized } from '../declared/portfolio';
import { hostileNames } from '../fixtures/hostile';
import { launch } from './chromium';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

describe('a picture of the access in Chromium', () => {
  let browser: Browser;
  let folder: string;
  const pictures: Record<string, Picture> = {};
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
    browser = await launch();
    for (const clients of [3, 60, 600]) {
      const declared = declaredAccess(readStacks(synthesized(folder, { main: portfolio(clients) })));
      pictures[`${clients} applications`] = pictureOf(declared);
    }
    const nodes = hostileNames().map((name, index) => ({
      key: `client ${name} ${index}`,
      column: 'client' as const,
      name,
      details: [name],
      alarming: index % 2 === 0,
      members: [name],
    }));
    const wide = [
      ...['2f174dc2-7f92-44ba-8cb2-705debce6cd1', 'registered by API Management', 'x', '0123456789'.repeat(4)],
      ...['contoso-orders-nightly-import-production', 'ORDERS OF THE WHOLE COMPANY', 'mwMW@%'.repeat(6)],
      ...['Щедрый Жук и его большая команда', '客户端应用程序的非常长的名称', '👩‍💻'.repeat(20)],
    ];
    pictures['wide names'] = {
      title: 'x',
      nodes: wide.map((name, index) => ({
        key: `client ${index}`,
        column: 'client' as const,
        name,
        details: [name],
        alarming: false,
        members: [name],
      })),
      edges: [],
      notes: [],
    };
    pictures['hostile names'] = { title: hostileNames().join(' '), nodes, edges: [], notes: hostileNames() };
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; complaints: string[] }> {
    const file = join(folder, 'access.html');
    writeFileSync(file, pageOf(pictures[name]!));
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', ...options });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) {
        complaints.push(request.url());
      }
    });
    await page.goto(pathToFileURL(file).href);
    return { page, complaints };
  }

  test.each(['3 applications', '60 applications', 'hostile names'])(
    '%s: no complaint, no request, no violation found by axe in light and dark, and it fits a small screen',
    async (name) => {
      const { page, complaints } = await open(name);
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run: (o: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const found = await axe.run({ resultTypes: ['violations'] });
          return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
        });
        expect({ colorScheme, violations }).toEqual({ colorScheme, violations: [] });
      }
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      expect(complaints).toEqual([]);
      await page.close();
    },
    120_000,
  );

  test.each(['60 applications', 'hostile names', 'wide names'])(
    '%s: no text runs over the edge of its box',
    async (name) => {
      const { page } = await open(name);
      const over = await page.$$eval('.access .node', (nodes) =>
        nodes.flatMap((node) => {
          const right = (element: { getBoundingClientRect: () => { right: number } }): number =>
            element.getBoundingClientRect().right;
          const edge = right(node.querySelector('.box')!);
          return [...node.querySelectorAll('text')]
            .filter((text) => right(text) > edge)
            .map(({ textContent }) => textContent);
        }),
      );
      expect(over).toEqual([]);
      await page.close();
    },
  );

  const shown = (page: Page): Promise<string[]> =>
    page.$$eval('.access.choosing .node.chosen .name', (names) => names.map(({ textContent }) => textContent ?? ''));

  test('searching marks what is found and shows its rows, in a folded box too', async () => {
    const { page, complaints } = await open('600 applications');
    await page.fill('#search', 'client 599');
    expect(await page.textContent('#found')).toMatch(/^\d+ of 700 rows$/);
    expect(
      await page.$$eval('tbody tr:not([hidden]) th', (heads) => heads.map(({ textContent }) => textContent)),
    ).toContain('Client 599');
    expect(await shown(page)).toEqual([expect.stringMatching(/^\d+ applications$/)]);
    // a heading without rows says nothing
    expect(
      await page.$$eval('table:not([hidden]) caption', (all) => all.map(({ textContent }) => textContent?.trim())),
    ).toEqual(['Owners', 'Applications']);
    const isInView = (): Promise<boolean> =>
      page.$eval('.access .node.chosen', (node) => {
        const { top, bottom } = node.getBoundingClientRect();
        return top >= 0 && bottom <= (globalThis as unknown as { innerHeight: number }).innerHeight;
      });
    expect(await isInView()).toBe(false);
    await page.press('#search', 'Enter');
    expect(await isInView()).toBe(true);
    await page.click('#clear');
    expect(await page.$$eval('tbody tr[hidden]', (rows) => rows.length)).toBe(0);
    expect(await shown(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('the keyboard reaches a box, moves between boxes, chooses and clears', async () => {
    const { page } = await open('3 applications');
    await page.focus('.access .node');
    expect(await page.$eval(':focus .name', ({ textContent }) => textContent)).toBe('Team 0');
    await page.keyboard.press('ArrowRight');
    const client = await page.$eval(':focus .name', ({ textContent }) => textContent);
    expect(client).toMatch(/^Client \d$/);
    await page.keyboard.press('Enter');
    expect(await page.getAttribute(':focus', 'aria-pressed')).toBe('true');
    const chosen = await shown(page);
    expect(chosen).toEqual(expect.arrayContaining(['Team 0', client]));
    expect(chosen.filter((name) => name.startsWith('Client'))).toEqual([client]);
    await page.keyboard.press('Escape');
    expect(await shown(page)).toEqual([]);
    await page.close();
  });

  test('on paper it is light, without the search, and nothing is cut off', async () => {
    const { page } = await open('60 applications', { colorScheme: 'dark', viewport: { width: 720, height: 1000 } });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect([await page.isVisible('.find'), await page.isVisible('.hint')]).toEqual([false, false]);
    expect(await page.$eval('.scroll', (region) => region.scrollWidth - region.clientWidth)).toBeLessThanOrEqual(1);
    await page.close();
  });
});
