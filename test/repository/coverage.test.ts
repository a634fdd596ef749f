import { readFileSync } from 'node:fs';

interface Configuration {
  readonly collectCoverageFrom: readonly string[];
  readonly coverageThreshold: Readonly<Record<string, { readonly lines: number; readonly branches: number }>>;
}

const configuration = jest.requireActual<Configuration>('../../jest.coverage.config.js');

test('CONTRIBUTING.md says the thresholds of coverage, and .ci/run holds them', () => {
  const page = readFileSync('CONTRIBUTING.md', 'utf8').replace(/\s+/g, ' ');
  const { './lib/': lib, './cli/src/': cli } = configuration.coverageThreshold;
  expect(lib?.lines).toBe(lib?.branches);
  const tools =
    cli?.lines === cli?.branches
      ? `${cli?.lines} % of the lines and branches of \`cli/\``
      : `${cli?.lines} % of the lines and ${cli?.branches} % of the branches of \`cli/\``;
  expect(page).toContain(`At least ${lib?.lines} % of the lines and branches of \`lib/\`, and at least ${tools}`);
  expect(readFileSync('.ci/run', 'utf8')).toMatch(/^npx jest --config jest\.coverage\.config\.js /m);
});

test('all code of the library and of the tools counts', () => {
  expect(configuration.collectCoverageFrom).toEqual(['lib/**/*.ts', 'cli/src/**/*.ts']);
});

test('.ci/run calls the command that README gives for the tests', () => {
  const command = /^npm ci && (npm test)$/m.exec(readFileSync('README.md', 'utf8'))?.[1];
  expect(command).toBeDefined();
  expect(readFileSync('.ci/run', 'utf8').split('\n')).toContain(command);
});
