// The tests that take most of the time; see jest.config.js.
process.env.LONG_TESTS = '1';
module.exports = require('./jest.config.js');
