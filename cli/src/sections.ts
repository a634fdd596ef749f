import type { Finding, Review } from './model';
import type { Section } from './rules';

/** A list of findings of a review, and how formats head it. */
export interface SectionRow {
  /** Its name in the review. */
  readonly key: SectionKey;
  /** What its rules call it. */
  readonly section: Section;
  readonly title: string;
  /** The heading above its sentences. */
  readonly column: string;
  /** Drift has happened already: it is part of no verdict. */
  readonly judged: boolean;
}

export type SectionKey =
  'contract' | 'unjudged' | 'access' | 'blastRadius' | 'exposure' | 'privilege' | 'ways' | 'credentials' | 'drift';

/** Every list of findings, in the order in which formats show them: a new one is a row here. */
export const SECTIONS: readonly SectionRow[] = [
  { key: 'contract', section: 'contract', title: 'Contract', column: 'What breaks which rule', judged: true },
  {
    key: 'unjudged',
    section: 'not judged',
    title: 'Not judged',
    column: 'What changes, and what it could mean',
    judged: true,
  },
  { key: 'access', section: 'access', title: 'Access', column: 'Who gains or loses what', judged: true },
  { key: 'blastRadius', section: 'blast radius', title: 'Blast radius', column: 'What stops working', judged: true },
  { key: 'exposure', section: 'exposure', title: 'Exposure', column: 'What callers notice', judged: true },
  { key: 'privilege', section: 'privilege', title: 'Privilege', column: 'Who may do what', judged: true },
  { key: 'ways', section: 'ways in', title: 'Ways in', column: 'Who gets at what, and how', judged: true },
  { key: 'credentials', section: 'credentials', title: 'Credentials', column: 'Credential', judged: true },
  { key: 'drift', section: 'drift', title: 'Changed outside of Terraform', column: 'What was changed', judged: false },
];

/** All findings that the verdict is made of. */
export function judgedFindings(found: Pick<Review, SectionKey>): readonly Finding[] {
  return SECTIONS.filter(({ judged }) => judged).flatMap(({ key }): readonly Finding[] => found[key]);
}

/** All findings, drift included. */
export function allFindings(found: Pick<Review, SectionKey>): readonly Finding[] {
  return SECTIONS.flatMap(({ key }): readonly Finding[] => found[key]);
}
