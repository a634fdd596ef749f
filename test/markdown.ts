import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a Markdown file. */
export interface Fence {
  readonly file: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The heading that the block stands under. */
  readonly heading: string;
}

/** All Markdown files that people read, API.md apart, which is generated. */
export function markdownFiles(): string[] {
  const inRoot = readdirSync('.').filter((name) => name.endsWith('.md') && name !== 'API.md');
  const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return [...inRoot, ...inDocs].sort();
}

export function fencesOf(file: string): Fence[] {
  const fences: Fence[] = [];
  let heading = '';
  let open: { line: number; language: string; lines: string[] } | undefined;
  for (const [at, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const fence = /^```(\S*)\s*$/.exec(line);
    if (open === undefined && fence !== null) {
      open = { line: at + 1, language: fence[1], lines: [] };
    } else if (open !== undefined && fence !== null) {
      fences.push({ file, heading, line: open.line, language: open.language, text: open.lines.join('\n') });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line);
    } else {
      heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    }
  }
  if (open !== undefined) {
    throw new Error(`${file}:${open.line}: the block is not closed`);
  }
  return fences;
}

/** The text without its fenced blocks. */
export function proseOf(file: string): string {
  return readFileSync(file, 'utf8').replace(/^```[^]*?^```$/gm, '');
}

/** Cells of the table that follows a line that holds the marker, without its head. */
export function tableAfter(file: string, marker: string): string[][] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const start = lines.findIndex((line) => line.includes(marker));
  if (start < 0) {
    throw new Error(`${file}: has no ${marker}`);
  }
  const first = lines.findIndex((line, at) => at > start && line.startsWith('|'));
  const rows: string[][] = [];
  for (let at = first + 2; lines[at]?.startsWith('|'); at++) {
    rows.push(
      lines[at]
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}
