/** Tests that take most of the time or need a browser or shellcheck: `npm run test:long` runs them, and CI both. */
const LONG = [
  '/cli/test/browser/.*\\.test\\.ts$',
  '/cli/test/action/.*\\.test\\.ts$',
  '/cli/test/adopt\\.test\\.ts$',
  '/cli/test/every-attribute\\.test\\.ts$',
  '/cli/test/inventory-(?:permissions|size)\\.test\\.ts$',
  '/cli/test/(?:token|verify|formats/html)\\.test\\.ts$',
  '/test/azure/.*\\.test\\.ts$',
  '/test/repository/.*\\.test\\.ts$',
  '/test/(?:e2e(?:-cycle)?|first-call)\\.test\\.ts$',
];
const selected =
  process.env.LONG_TESTS === undefined
    ? { testMatch: ['**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/', ...LONG] }
    : { testRegex: LONG };

module.exports = {
  testEnvironment: 'node',
  // Synthesis and compilers share a small machine with other work; no test measures time.
  testTimeout: 60_000,
  // One worker for each processor: by default one is left to the parent, which has nothing to do.
  maxWorkers: '100%',
  roots: ['<rootDir>/test', '<rootDir>/cli/test'],
  setupFiles: ['<rootDir>/test/properties.cjs'],
  testSequencer: '<rootDir>/test/longest-first.cjs',
  ...selected,
  // Packages that are ES modules only: Node loads them by require, jest does not.
  transformIgnorePatterns: ['/node_modules/(?!(jose|p-limit|yocto-queue|yocto-spinner|yoctocolors)/)'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
    '/node_modules/(jose|p-limit|yocto-queue|yocto-spinner|yoctocolors)/.+\\.js$': [
      '@swc/jest',
      { jsc: { target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    '^cdktf-apim-oauth$': '<rootDir>/lib/index.ts',
    // `import()` names the file that the compiler writes, as Node asks for it.
    '^(\\.\\.?/.+)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};
