/*
 * Runs tests and the built tools on every Node.js line that users have, with the binaries that npm carries for this machine.
 *
 * Run: npx tsx scripts/node-versions.ts [-- ARGUMENTS OF JEST] (after npm run build and npm run build -w cli)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { installNode, NODE_VERSIONS } from './package/node-binary';
import { run, say } from './package/run';

/** Tests of what depends on Node most: files, processes, HTTP, TLS, cryptography, ES modules loaded by `require`. */
const TESTS = [
  'test/examples.test.ts',
  'test/names',
  'test/azapi',
  'test/preview-sandbox.test.ts',
  'cli/test/azure',
  'cli/test/cli.test.ts',
  'cli/test/graph.test.ts',
  'cli/test/review.test.ts',
];

const LIMIT_MS = 10 * 60_000;

function main(given: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'node-versions-'));
  try {
    for (const [line, version] of Object.entries(NODE_VERSIONS)) {
      check(line, version, installNode(version, join(folder, line)), given.length > 0 ? given : TESTS);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function check(line: string, version: string, node: string, tests: readonly string[]): void {
  const found = run(node, ['--version']).trim();
  if (found !== `v${version}`) {
    throw new Error(`Node.js ${line}: the binary says ${found}`);
  }
  const manifest = JSON.parse(readFileSync('cli/package.json', 'utf8')) as { version: string };
  const told = run(node, ['cli/dist/main.js', '--version']).trim();
  if (told !== manifest.version) {
    throw new Error(`Node.js ${version}: apim-oauth --version says ${told}`);
  }
  const classes = ['OAuthProduct', 'MultiProductApplication', 'PreviewSandbox'];
  const exports = run(node, [
    '--input-type=module',
    '--eval',
    `import { ${classes.join(', ')} } from ${JSON.stringify(resolve('dist/index.js'))};
     process.stdout.write([${classes.join(', ')}].map(({ name }) => name).join());`,
  ]);
  if (exports !== classes.join()) {
    throw new Error(`Node.js ${version}: an ES module finds ${exports} in the library`);
  }
  const { status, stderr, error } = spawnSync(
    node,
    [join('node_modules', 'jest', 'bin', 'jest.js'), '--silent', ...tests],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: 1 << 26 },
  );
  if (status !== 0) {
    throw new Error(`Node.js ${version}: ${error?.message ?? 'tests failed'}\n${stderr}`);
  }
  const counted = /^Tests: +.*$/m.exec(stderr)?.[0] ?? '';
  say(`Node.js ${version}: ${counted.replace(/ +/g, ' ')}; the built tools and the library from an ES module`);
}

if (require.main === module) {
  try {
    main(process.argv.slice(2).filter((argument) => argument !== '--'));
  } catch (error) {
    process.stderr.write(`node-versions: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
