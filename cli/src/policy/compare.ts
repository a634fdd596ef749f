import type { Difference } from './difference';
import { compareDuties, type Comparison } from './duties';
import { compareEffects, compareOrder } from './effects';
import { SECTIONS, type Flow } from './flow';
import { compareLimits } from './limits';
import { compareOrigins } from './origins';

/** What two policies do differently to who gets through, and what of that is not understood. */
export function compareFlows(before: Flow, after: Flow, comparison: Comparison): readonly Difference[] {
  return SECTIONS.flatMap((name) => {
    const [former, latter] = [before[name], after[name]];
    const elsewhere = [
      ...comparison.readElsewhere,
      ...SECTIONS.filter((other) => other !== name).flatMap((other) => [...before[other].reads, ...after[other].reads]),
    ];
    return [
      ...compareDuties(name, former, latter, comparison),
      ...compareLimits(name, former.effects, latter.effects, comparison.printer),
      ...compareOrigins(name, former.effects, latter.effects),
      ...compareEffects(name, former.effects, latter.effects, elsewhere, comparison.hides),
      ...compareOrder(name, former.effects, latter.effects),
    ];
  });
}
