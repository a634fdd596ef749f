const base = require('./jest.config.js');

/** All tests, the fast and the long ones, in one run: some code of the tools is reached by long tests alone. */
module.exports = {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  collectCoverage: true,
  collectCoverageFrom: ['lib/**/*.ts', 'cli/src/**/*.ts'],
  coverageReporters: ['text-summary', 'json'],
  coverageThreshold: {
    './lib/': { lines: 95, branches: 95 },
    './cli/src/': { lines: 95, branches: 87 },
  },
};
