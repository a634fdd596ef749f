/*
 * Says what a synthesis made: stacks, resources by kind, who may call what, where the files are and what comes next.
 *
 * Run: npm run synth, or for another directory: npx tsx scripts/summarize.ts DIRECTORY
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { readSynthesis, UnreadableOutput } from './summary/synthesis';
import { Display, summaryOf } from './summary/text';

/** What npm run synth lets apim-oauth graph draw beside the stacks. */
const PICTURE = 'access.html';

/** The summary, or the one line that says why there is none. */
export function summarize(outdir: string, display: Display): { readonly text: string; readonly failed: boolean } {
  const near = isAbsolute(outdir) ? relative(process.cwd(), outdir) : outdir;
  const name = (near.startsWith('..') ? outdir : near).replace(/\/+$/, '') || '.';
  try {
    const stacks = readSynthesis(name);
    const picture = existsSync(join(name, PICTURE)) ? `${name}/${PICTURE}` : undefined;
    return { text: summaryOf(stacks, name, display, picture), failed: false };
  } catch (error) {
    if (!(error instanceof UnreadableOutput)) {
      throw error;
    }
    return { text: `summarize: ${error.message}\n`, failed: true };
  }
}

function main(): void {
  const styled = process.stdout.isTTY && !process.env.NO_COLOR;
  const { text, failed } = summarize(process.argv[2] ?? process.env.CDKTF_OUTDIR ?? 'cdktf.out', {
    columns: process.stdout.columns ?? 80,
    heading: (heading) => (styled ? `\x1b[1m${heading}\x1b[22m` : heading),
  });
  (failed ? process.stderr : process.stdout).write(text);
  process.exitCode = failed ? 1 : 0;
}

if (require.main === module) {
  main();
}
