import { readFileSync } from 'node:fs';
import type { FindingKind, Review } from '../model';
import { judgedFindings } from '../sections';
import { UserError } from '../user-error';

/** What a pipeline acts on: nothing of it comes from a plan. */
export interface PublishedReview {
  readonly marker: string;
  readonly verdict: string;
  /** Findings of each kind, acknowledged ones included, so that a rule that requires reviewers by a count also applies to them. */
  readonly counts: Readonly<Record<FindingKind, number>>;
  /** How many findings an acknowledgement covers. */
  readonly acknowledged: number;
  /** Whether a finding of any kind is covered by no acknowledgement. */
  readonly open: boolean;
}

export const KINDS: readonly FindingKind[] = [
  'broadening',
  'breaking',
  'critical',
  'privilege',
  'secret-in-state',
  'unjudged',
  'contract',
];

/** Reads what `--format json` wrote. */
export function readReview(file: string): PublishedReview {
  const review = json(file) as Partial<Review> | null | undefined;
  if (typeof review !== 'object' || review === null || !/^1\./.test(String(review.formatVersion))) {
    throw new UserError([`${file}: no JSON review of version 1; give the output of --format json`]);
  }
  const marker = String(review.marker);
  const verdict = String(review.verdict?.label);
  if (
    !/^apim-oauth-review-[0-9a-f]{16}$/.test(marker) ||
    !/^(?:NEUTRAL|(?:BROADENING|BREAKING|BROADENING and BREAKING)?(?:(?:^|, )NOT JUDGED: \d+ changes?)?)$/.test(
      verdict,
    ) ||
    verdict === ''
  ) {
    throw new UserError([`${file}: its marker or verdict is not valid; give the output of --format json`]);
  }
  const findings = judgedFindings(review as Review);
  return {
    marker,
    verdict,
    acknowledged: findings.filter(({ acknowledgement }) => acknowledgement !== undefined).length,
    open: findings.some(({ kinds, acknowledgement }) => kinds.length > 0 && acknowledgement === undefined),
    counts: Object.fromEntries(
      KINDS.map((kind) => [kind, findings.filter(({ kinds }) => kinds.includes(kind)).length]),
    ) as Record<FindingKind, number>,
  };
}

function json(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError([`${file}: not JSON; give the output of --format json`]);
  }
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError([`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`]);
  }
}

/** The comment begins with the review's own marker, or the next run would not find it again. */
export function readComment(file: string, { marker }: PublishedReview): string {
  const text = readText(file);
  if (!text.startsWith(beginning(marker))) {
    throw new UserError([`${file}: not the Markdown of the same review; write both formats in one run`]);
  }
  return text;
}

export function beginning(marker: string): string {
  return `<!-- ${marker} -->`;
}
