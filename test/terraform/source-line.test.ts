import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceLine } from '../../lib/terraform/source-line';

const LIBRARY = resolve(__dirname, '../../lib');
const PROGRAM = resolve(process.cwd(), 'infrastructure', 'main.ts');

/** What `sourceLine` makes of a stack. */
function of(...frames: string[]): string | undefined {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = () => ['Error', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  try {
    return sourceLine();
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

describe('sourceLine', () => {
  test('is where the caller stands', () => {
    const line = sourceLine();
    expect(line).toMatch(/^test\/terraform\/source-line\.test\.ts:\d+$/);
  });

  test.each<[string, string[], string | undefined]>([
    ['a function', [`main (${PROGRAM}:7:3)`], 'infrastructure/main.ts:7'],
    ['the top level of a module', [`${PROGRAM}:7:3`], 'infrastructure/main.ts:7'],
    ['an asynchronous function', [`async main (${PROGRAM}:7:3)`], 'infrastructure/main.ts:7'],
    ['a constructor', [`new Platform (${PROGRAM}:7:3)`], 'infrastructure/main.ts:7'],
    ['an ES module', [`main (${pathToFileURL(PROGRAM)}:7:3)`], 'infrastructure/main.ts:7'],
    ['an ES module at its top level', [`${pathToFileURL(PROGRAM)}:7:3`], 'infrastructure/main.ts:7'],
    [
      'what lies in the library, in packages and in Node is passed over',
      [
        `new OAuthProduct (${join(LIBRARY, 'oauth-product.ts')}:1:1)`,
        `Node (${resolve('node_modules', 'constructs', 'lib', 'construct.js')}:1:1)`,
        'Array.map (<anonymous>)',
        'Module._compile (node:internal/modules/cjs/loader:1:1)',
        `main (${PROGRAM}:9:1)`,
        `other (${PROGRAM}:99:1)`,
      ],
      'infrastructure/main.ts:9',
    ],
    [
      'a program outside of the working directory is not told',
      [`main (${resolve(process.cwd(), '..', 'elsewhere.ts')}:7:3)`],
      undefined,
    ],
    ['nothing but Node', ['Module._compile (node:internal/modules/cjs/loader:1:1)'], undefined],
    ['no frames', [], undefined],
  ])('%s', (_, frames, expected) => {
    expect(of(...frames)).toBe(expected);
  });

  test('a directory that only begins like the library is not the library', () => {
    const neighbour = `${LIBRARY}rary${sep}main.ts`;
    expect(of(`main (${neighbour}:3:1)`)).toBe('library/main.ts:3');
  });

  test('an error without a stack', () => {
    const prepare = Error.prepareStackTrace;
    Error.prepareStackTrace = () => undefined;
    try {
      expect(sourceLine()).toBeUndefined();
    } finally {
      Error.prepareStackTrace = prepare;
    }
  });
});
