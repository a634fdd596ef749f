const Sequencer = require('@jest/test-sequencer').default;

/** The browser's tests take longest: begun last, they would keep one processor busy while the other waits. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => /[\\/]browser[\\/]/.test(path);
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
