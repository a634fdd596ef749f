import { readFileSync } from 'node:fs';
import { aadstsOf, aadstsTable, ENTRA_ERRORS, explained } from '../src/entra/aadsts';
import { CHECKS, EXPECTED } from '../src/verify/model';

test('docs/aadsts.md has every code as the program explains it', () => {
  expect(readFileSync('docs/aadsts.md', 'utf8')).toContain(aadstsTable());
});

test('in order, none twice, each with what to do', () => {
  const codes = ENTRA_ERRORS.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)].sort((one, other) => one - other));
  expect(ENTRA_ERRORS.filter(({ meaning, remedy }) => /[.]$/.test(meaning) || /[.]$/.test(remedy))).toEqual([]);
});

test.each([7000215, 7000222, 700016, 700027, 700213, 500011, 501051, 50105, 65001, 90002, 1002012])(
  'AADSTS%d is explained',
  (code) => {
    expect(explained(code)).toMatchObject({ code });
  },
);

test('codes in texts, and variants of federated ones', () => {
  expect(aadstsOf('invalid_client: 7000215 - AADSTS7000215: Invalid client secret provided.')).toBe(7000215);
  expect(aadstsOf('Access denied')).toBeUndefined();
  expect(explained(7002131)).toMatchObject({ code: 700213 });
  expect(explained(7002199)).toBeUndefined();
});

test('docs/verify.md has every check', () => {
  const page = readFileSync('docs/verify.md', 'utf8');
  expect(Object.keys(EXPECTED)).toEqual([...CHECKS]);
  expect(CHECKS.filter((check) => !page.includes(`| \`${check}\` |`))).toEqual([]);
});
