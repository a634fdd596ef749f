import type { MessagePart } from '../model';

/** What is different between two checks, or two policies. */
export interface Difference {
  /**
   * `looser`: lets in what was refused before; `tighter`: the other way round; `both`; `unknown`: which of them is
   * unknown.
   */
  readonly effect: 'looser' | 'tighter' | 'both' | 'unknown';
  readonly about: 'validation' | 'audience' | 'check' | 'limit' | 'origins' | 'inheritance' | 'backend' | 'answer';
  /** Distinguishes differences of one policy, in the same way in every run. */
  readonly subject: string;
  /** What the policy does now: what follows on whose it is. */
  readonly says: readonly MessagePart[];
  /** The words before its owner, instead of "the policy of ". */
  readonly lead?: string;
  /** An amount before and after, for limits. */
  readonly before?: string;
  readonly after?: string;
}

/** What of a policy's values may be printed. */
export interface Printer {
  /** An app role's value; undefined where it is none that the plans declare. */
  readonly role: (value: string) => string | undefined;
  readonly audience: (value: string) => string | undefined;
  /** Whether the amounts of limits may be. */
  readonly amounts: boolean;
}

/** Each of them once. */
export function distinct(found: readonly Difference[]): Difference[] {
  const seen = new Set<string>();
  return found.filter(({ effect, subject }) => {
    const key = `${effect} ${subject}`;
    return !seen.has(key) && seen.add(key);
  });
}
