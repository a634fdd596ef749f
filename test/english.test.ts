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

/** Text files at a path, or below it. */
function filesAt(path: string): string[] {
  return statSync(path).isDirectory()
    ? readdirSync(path).flatMap((name) => filesAt(join(path, name)))
    : /\.(?:md|ts|yml|sh)$/.test(path)
      ? [path]
      : [];
}

/** Where a text has a word, also across the lines of a paragraph or a comment. */
function wordsIn(file: string, text: string): string[] {
  const joined = text.replace(/\n[ \t]*(?:\*|\/\/|#|>)?[ \t]?/g, (end) => ' '.repeat(end.length));
  return WORDS.flatMap(([word, instead]) => {
    const spaced = new RegExp(word.source.replaceAll(' ', '\\s+'), word.flags);
    return [...joined.matchAll(spaced)].map(({ 0: found, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${file}:${line}: ${found.replace(/\s+/g, ' ')} → ${instead}`;
    });
  });
}

test('pages, messages and comments use no word that has to be read twice', () => {
  const files = PLACES.flatMap(filesAt);
  expect(files.length).toBeGreaterThan(200);
  expect(files.flatMap((file) => wordsIn(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test('such words are found, across lines as well', () => {
  expect(wordsIn('page.md', 'One line.\nWhoever reads\n * to the\n * letter: be\nit so.')).toEqual([
    'page.md:2: Whoever → anyone who',
    'page.md:3: to the letter → exactly',
    'page.md:4: be it → whether',
  ]);
  expect(wordsIn('page.md', 'It is therefore read once, and whole.')).toEqual([]);
});
