import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Parsed {
  readonly unevenTables: readonly string[];
  readonly links: readonly string[];
  readonly textWithMentions: readonly string[];
  readonly unexpectedHtml: readonly string[];
  readonly codes: readonly string[];
}

/** Parses Markdown in a process of its own: the parsers are ES modules, which this test runner does not load. */
export function parseMarkdown(texts: readonly string[]): Parsed {
  const output = execFileSync(process.execPath, [join(__dirname, 'markdown-check.mjs')], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  return JSON.parse(output) as Parsed;
}
