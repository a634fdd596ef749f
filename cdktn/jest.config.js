const base = require('../jest.config.js');

/**
 * The tests of what scripts/cdktn.ts makes, and those of this folder, which hold both frameworks beside each other. Left out is
 * what never loads a framework: the tools but for what reads the library's output, and the repository itself.
 */
module.exports = {
  ...base,
  rootDir: __dirname,
  roots: ['<rootDir>/build/test', '<rootDir>/build/cli/test', '<rootDir>/test'],
  testMatch: undefined,
  testRegex: [
    '/cdktn/test/.*\\.test\\.ts$',
    '/build/test/(?!azure/|(e2e(-cycle)?|first-call|layers|readme)\\.test\\.ts$).*\\.test\\.ts$',
    '/build/test/azure/gateway/gateway\\.test\\.ts$',
    '/build/cli/test/(graph|policy/library)\\.test\\.ts$',
  ],
  testPathIgnorePatterns: ['/node_modules/'],
  testSequencer: require.resolve('../test/longest-first.cjs'),
  setupFiles: [require.resolve('../test/properties.cjs')],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^cdktf-apim-oauth$': '<rootDir>/../lib/index.ts',
    '^cdktn-apim-oauth$': '<rootDir>/build/lib/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/build/dist'],
};
