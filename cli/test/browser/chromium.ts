import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const candidates = [
    process.env.CHROMIUM_PATH ?? '',
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return candidate !== '';
    } catch {
      return false;
    }
  });
}

const executablePath = findChromium();

/** A browser that asks nothing of any network. */
export async function launch(): Promise<Browser> {
  if (executablePath === undefined) {
    throw new Error('there is no Chromium: install the package chromium or set CHROMIUM_PATH');
  }
  return chromium.launch({
    executablePath,
    args: [
      // Chromium's own sandbox does not work for root, which is what containers run as
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
