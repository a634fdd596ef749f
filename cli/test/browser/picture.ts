/* Makes the picture of the README, and prints the same review as Markdown: npx tsx cli/test/browser/picture.ts */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { htmlFormat } from '../../src/formats/html';
import { markdownFormat } from '../../src/formats/markdown';
import { PlanFixture } from '../fixtures/plan';
import { client, grant, nativeStack } from '../fixtures/stacks';
import { reviewOf } from '../support';
import { launch } from './chromium';

const PICTURE = join(__dirname, '..', '..', '..', 'docs', 'images', 'review.png');

/** A platform team opens a product by mistake and takes one away, while another team takes a product into use. */
function story(): Readonly<Record<string, PlanFixture>> {
  return {
    platform: nativeStack()
      .updates('azapi_resource.starter', { body: { properties: { authenticationType: [] } } }, { output: true })
      .deletes('azapi_resource.partner_grants["gold"]', 'delete_because_each_key'),
    orders: new PlanFixture()
      .exists('azapi_resource.orders', { values: client('orders', 'Orders Service'), expressions: {} })
      .exists('azapi_resource.orders_grants["starter"]', { values: grant('orders', 'starter'), expressions: {} })
      .creates('azapi_resource.orders_grants["gold"]', { values: grant('orders', 'gold'), expressions: {} }),
  };
}

async function main(): Promise<void> {
  const review = reviewOf(story());
  const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
  const browser = await launch();
  try {
    const file = join(folder, 'review.html');
    writeFileSync(file, htmlFormat.render(review));
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
    await page.goto(pathToFileURL(file).href);
    const graph = await page.locator('section[aria-labelledby=graph]').boundingBox();
    mkdirSync(join(PICTURE, '..'), { recursive: true });
    await page.screenshot({
      path: PICTURE,
      fullPage: true,
      clip: { x: 0, y: 0, width: 1200, height: Math.ceil((graph?.y ?? 0) + (graph?.height ?? 900)) + 10 },
    });
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(markdownFormat.render(review));
}

void main();
