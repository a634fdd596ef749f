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

/**
 * `describe` where there is a Chromium. Elsewhere the tests are reported as skipped, with the reason; in
 * CI they run, and so fail, since nobody would read of it there.
 */
export function describeInChromium(name: string, tests: () => void): void {
  if (executablePath === undefined && process.env.CI === undefined) {
    process.stderr.write(`skipped: ${name}: there is no Chromium; install the package chromium or set CHROMIUM_PATH\n`);
    describe.skip(name, tests);
    return;
  }
  describe(name, tests);
}

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
