import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Words and turns that make a reader read a sentence twice, and what to write instead. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bwho(?:m|so)?ever\b/gi, 'anyone who'],
  [/\banew\b/gi, 'again'],
  [/\bto the letter\b/gi, 'exactly'],
  [/\b(?:there|here|where)(?:of|in|upon|unto|fore)\b(?<!therefore)/gi, 'of it, in it, therefore'],
  [/\bupon\b/gi, 'on'],
  [/\bnaught\b/gi, 'nothing'],
  [/\blest\b/gi, 'so that … not'],
  [/\bbe it\b/gi, 'whether'],
  [/\b(?:whence|thence|albeit)\b/gi, 'from where, although'],
  [/\bof its own accord\b/gi, 'by itself'],
  [/\b(?:construct|block|product|client|stack|instance|registration|policy|role|grant) goes\b/gi, 'is destroyed'],
  [/\bnone twice\b/gi, 'without duplicates'],
  [/\bcan(?:not)? be had\b/gi, 'is available'],
  [/\bcannot be told\b/gi, 'is unknown'],
  [/\bhangs? on\b/gi, 'depends on'],
  [/\b(?:brings?|comes?) about\b/gi, 'causes, happens'],
  [/\bbears? on\b/gi, 'affects'],
  [/(?:^|[.:] )(?:Refused|Kept|Missing|Told) (?:is|are) what\b/gm, 'subject, verb, object'],
  [/(?:^|[.;:] )[Tt]hat [^.;|]{3,150} is \*unverified/gm, 'it is *unverified … that'],
  [/[;:,.] who(?: may)? plans?\b/gi, 'a person who plans'],
];

/** Words for which a plain one exists, in the pages and in the library. */
const PLAIN_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:stands?|stood)\b/gi, 'is, represents, means'],
  [/\b(?:lies|lay)\b/gi, 'is'],
  [/\b(?:holds?|(?<!')held|holding)\b/gi, 'contains, has, is true'],
  [/\b(?:tells?|told|telling)\b/gi, 'shows, reports, returns'],
  [/\b(?:goes|gone)\b(?! through)/gi, 'is destroyed, is sent, belongs'],
  [/\bof one's own\b/gi, 'own, separate'],
  [/\bfor want of\b/gi, 'without'],
  [/\bsave for\b/gi, 'except'],
  [/\bowing to\b/gi, 'because of'],
  [/\b(?:gives?|gave) way\b/gi, 'is replaced'],
  [/\bput(?:s|ting)? off\b/gi, 'defers'],
  [/\bpass(?:es)? by\b/gi, 'is not subject to'],
];

const PLACES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'docs',
  'lib',
  'cli/README.md',
  'cli/src',
  'test/azure/README.md',
  'action',
  'azure-pipelines',
];

const PLAIN_PLACES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs',
  'lib',
  'examples',
  'action',
  'cli/src/assumptions/assumptions.ts',
  'cli/src/entra/aadsts.ts',
];

/** The page on which an assumption holds or does not, as the command prints it. */
const ASSUMPTIONS_HOLD = ['docs/assumptions.md'];

/** Text files at a path, or below it. */
function filesAt(path: string): string[] {
  return statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => filesAt(join(path, name)))
    : /\.(?:md|ts|yml|sh)$/.test(path)
      ? [path]
      : [];
}

/** Where a text has a word, also across the lines of a paragraph or a comment. */
function wordsIn(file: string, text: string, words = WORDS): string[] {
  const joined = text.replace(/\n[ \t]*(?:\*|\/\/|#|>)?[ \t]?/g, (end) => ' '.repeat(end.length));
  return words.flatMap(([word, instead]) => {
    const spaced = new RegExp(word.source.replaceAll(' ', '\\s+'), word.flags);
    return [...joined.matchAll(spaced)].map(({ 0: found, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${file}:${line}: ${found.replace(/\s+/g, ' ')} → ${instead}`;
    });
  });
}

/** A text of TypeScript with everything but its comments blanked out, so that the lines stay. */
function commentsOf(text: string): string {
  const blank = (code: string): string => code.replace(/[^\n]/g, ' ');
  const comment = /\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g;
  let end = 0;
  let left = '';
  for (const { 0: found, index } of text.matchAll(comment)) {
    left += blank(text.slice(end, index)) + found;
    end = index + found.length;
  }
  return left + blank(text.slice(end));
}

test('pages, messages and comments use no word that has to be read twice', () => {
  const files = PLACES.flatMap(filesAt);
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap((file) => wordsIn(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test('pages and the library use plain words for which there are others', () => {
  const files = PLAIN_PLACES.flatMap(filesAt).filter((file) => !ASSUMPTIONS_HOLD.includes(file));
  expect(files.length).toBeGreaterThan(150);
  expect(files.flatMap((file) => wordsIn(file, readFileSync(file, 'utf8'), PLAIN_WORDS))).toEqual([]);
  expect(wordsIn('a.ts', '/** What a\n * token stands\n * for. */', PLAIN_WORDS)).toEqual([
    'a.ts:2: stands → is, represents, means',
  ]);
});

test('comments of the tools use plain words as well', () => {
  const files = filesAt('cli/src');
  expect(files.length).toBeGreaterThan(150);
  expect(files.flatMap((file) => wordsIn(file, commentsOf(readFileSync(file, 'utf8')), PLAIN_WORDS))).toEqual([]);
  expect(wordsIn('a.ts', commentsOf("const told = 'https://stands';\n// it stands\nholds();"), PLAIN_WORDS)).toEqual([
    'a.ts:2: stands → is, represents, means',
  ]);
});

test('such words are found, across lines as well', () => {
  expect(wordsIn('page.md', 'One line.\nWhoever reads\n * to the\n * letter: be\nit so.')).toEqual([
    'page.md:2: Whoever → anyone who',
    'page.md:3: to the letter → exactly',
    'page.md:4: be it → whether',
  ]);
  expect(wordsIn('page.md', 'It is therefore read once, and whole.')).toEqual([]);
});
