import { compare } from '../analysis/context';
import type { StackReview, Verdict } from '../model';

/** The stacks as a reviewer should read them: the worst verdict first, those of the same verdict by name. */
export function worstFirst(stacks: readonly StackReview[]): readonly StackReview[] {
  return [...stacks].sort((one, other) => rankOf(one.verdict) - rankOf(other.verdict) || compare(one.name, other.name));
}

/** After all others. */
const NEUTRAL = 5;

/** What is not judged may broaden access, so it is listed before changes that only break access. */
function rankOf({ counts, broadening, breaking, unjudged }: Verdict): number {
  const worst = [counts.critical > 0, broadening && breaking, broadening, unjudged, breaking].indexOf(true);
  return worst === -1 ? NEUTRAL : worst;
}
