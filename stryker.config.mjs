/*
 * Mutants of what decides about security, and the tests that are to kill them: npm run mutate.
 *
 * One part, or some files of it: MUTATE=ownership npm run mutate; MUTATE=policy npm run mutate -- --mutate cli/src/policy/flow.ts
 */
const PARTS = {
  policy: {
    mutate: ['cli/src/policy/**/*.ts'],
    tests: ['cli/test/policy/*.test.ts', 'cli/test/policies.test.ts'],
  },
  privilege: {
    mutate: ['cli/src/analysis/privilege/**/*.ts'],
    tests: [
      'azure-roles',
      'credentials-trust',
      'developer-portal',
      'privilege',
      'privilege-hidden',
      'registration',
      'ways',
      'ways-beside-grants',
    ].map((name) => `cli/test/${name}.test.ts`),
  },
  ownership: {
    mutate: [
      'cli/src/analysis/privilege/owners.ts',
      'cli/src/entities/ownership.ts',
      'cli/src/analysis/policies/owner.ts',
    ],
    tests: [
      'access',
      'one-object',
      'policies',
      'privilege',
      'privilege-hidden',
      'registration',
      'sources',
      'ways',
      'ways-beside-grants',
    ].map((name) => `cli/test/${name}.test.ts`),
  },
  validation: {
    mutate: ['lib/validation/**/*.ts', 'lib/policy/**/*.ts'],
    tests: ['test/validation/*.test.ts', 'test/policy/*.test.ts'],
  },
};

const named = process.env.MUTATE?.split(',') ?? Object.keys(PARTS);
const unknown = named.filter((name) => PARTS[name] === undefined);
if (unknown.length > 0) {
  throw new Error(`MUTATE: there is no part ${unknown.join(', ')}; give some of ${Object.keys(PARTS).join(', ')}`);
}
const parts = named.map((name) => PARTS[name]);

export default {
  testRunner: 'in-process',
  plugins: ['./test/mutation/in-process-runner.mjs'],
  inProcess: { tests: parts.flatMap(({ tests }) => tests) },
  warnings: { unknownOptions: false },
  mutate: parts.flatMap(({ mutate }) => mutate),
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { logTests: false },
  jsonReporter: { fileName: 'reports/mutation.json' },
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['**/cdktf.out', '**/dist', 'reports'],
};
