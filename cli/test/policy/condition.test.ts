import { atoms, contradict, withState } from '../../src/policy/condition';

const told = (condition: string, holds = true): string[] =>
  atoms(condition, holds).map(
    ({ text, holds: is, unless }) =>
      `${is ? '' : 'not '}${text}${unless === undefined ? '' : ` unless ${unless.map((one) => `${one.holds ? '' : 'not '}${one.text}`).join(' and ')}`}`,
  );

test.each<[string, string[], string[]]>([
  ['@(a)', ['a'], ['not a']],
  ['@(!a)', ['not a'], ['a']],
  ['@(!(a && b))', ['not a&&b unless a and b'], ['a', 'b']],
  ['@(a == b)', ['a == b'], ['not a == b']],
  ['@(a != b)', ['not a == b'], ['a == b']],
  ['@(a && b && c)', ['a', 'b', 'c'], ['not a&&b&&c unless a and b and c']],
  ['@(a || b)', ['a||b unless not a and not b'], ['not a', 'not b']],
  ['@(a && b || c)', ['a&&b||c unless not a&&b and not c'], ['not a&&b unless a and b', 'not c']],
  ['@(a && (b || c))', ['a', 'b||c unless not b and not c'], ['not a&&(b||c) unless a and b||c']],
  ['@((a))', ['a'], ['not a']],
  ['@((a) && (b))', ['a', 'b'], ['not (a)&&(b) unless a and b']],
  ['@(f(a && b))', ['f(a&&b)'], ['not f(a&&b)']],
  ['@(f[a || b])', ['f[a||b]'], ['not f[a||b]']],
  ['@(a ? b : c)', ['a?b:c'], ['not a?b:c']],
  ['@(a && b ? c : d)', ['a&&b?c:d'], ['not a&&b?c:d']],
  ['@(a ?? b && c)', ['a??b&&c'], ['not a??b&&c']],
  ['@(x => a && b)', ['x=>a&&b'], ['not x=>a&&b']],
  ['@(x = a && b)', ['x=a&&b'], ['not x=a&&b']],
  ['@(a == true)', ['a'], ['not a']],
  ['@(a == false)', ['not a'], ['a']],
  ['@(true != a)', ['not a'], ['a']],
  ['@(null == a)', ['a == null'], ['not a == null']],
  ['@("x" == a)', ['a == "x"'], ['not a == "x"']],
  ['@(-1.5 == a)', ['a == -1.5'], ['not a == -1.5']],
  ['@(12 == a)', ['a == 12'], ['not a == 12']],
  ['@(a == b == c)', ['a==b==c'], ['not a==b==c']],
  ['@(!a == b)', ['!a == b'], ['not !a == b']],
  ['@(!a < b)', ['!a<b'], ['not !a<b']],
  ['@(!a + b)', ['!a+b'], ['not !a+b']],
  ['@(!a | b)', ['!a|b'], ['not !a|b']],
  ['@(new Random().Next(2) == 0 && a)', ['(new Random().Next(2)==0&&a)'], ['not (new Random().Next(2)==0&&a)']],
  ['@{ return a && b; }', ['@{ return a && b; }'], ['not @{ return a && b; }']],
  [' True ', ['true'], ['not true']],
])('%s', (condition, holding, failing) => {
  expect([told(condition), told(condition, false)]).toEqual([holding, failing]);
});

test.each(['!=', '<', '>', '<=', '>=', '+', '-', '*', '/', '|', '&', '^'])(
  'what stands before %s is no opposite of all of it',
  (operator) => {
    expect(atoms(`@(!a ${operator} b)`, true)).not.toEqual(atoms(`@(a ${operator} b)`, false));
  },
);

test.each<[string, string, string, boolean]>([
  ['one and its opposite', '@(a)', '@(!a)', true],
  ['two that are independent', '@(a)', '@(b)', false],
  ['the same', '@(a)', '@(a)', false],
  ['an alternative and the opposite of all of it', '@(a || b)', '@(!a && !b)', true],
  ['an alternative and the opposite of a part', '@(a || b)', '@(!a)', false],
  ['a comparison written the other way around', '@("x" == a)', '@(a != "x")', true],
  ['what never holds', '@(false)', '@(a)', true],
  ['what always holds', '@(true)', '@(a)', false],
])('contradiction: %s', (_, one, other, expected) => {
  expect(contradict(atoms(one, true), atoms(other, true))).toBe(expected);
  expect(contradict(atoms(other, true), atoms(one, true))).toBe(expected);
});

test('a state counts for all that a condition says', () => {
  const [atom] = atoms('@(a || b)', true);
  expect(withState(atom!, 's')).toEqual({
    text: 'a||b s',
    holds: true,
    unless: [
      { text: 'a s', holds: false },
      { text: 'b s', holds: false },
    ],
  });
});
