/* Makes the picture of the access in the README from examples/multi-product.ts: npx tsx cli/test/browser/access-picture.ts FOLDER */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { declaredAccess } from '../../src/declared/access';
import { pictureOf } from '../../src/declared/picture';
import { readStacks } from '../../src/declared/stacks';
import { svgFile } from '../../src/picture/svg';
import { launch } from './chromium';

const PICTURE = join(__dirname, '..', '..', '..', 'docs', 'images', 'access.png');

async function main(folder: string): Promise<void> {
  const svg = svgFile(pictureOf(declaredAccess(readStacks(folder))));
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1300, height: 900 }, colorScheme: 'light' });
    await page.setContent(`<body style="margin:0">${svg}</body>`);
    mkdirSync(join(PICTURE, '..'), { recursive: true });
    await page.locator('svg').screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}

void main(process.argv[2] ?? 'cdktf.out');
