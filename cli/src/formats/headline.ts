import { counted } from '../message';
import type { ChangeCounts, Review, Verdict } from '../model';

/** What is most worth knowing about a verdict, in a few words each. */
export function highlights({ counts }: Verdict): readonly string[] {
  return [
    counts.critical > 0 ? counted(counts.critical, 'critical finding') : '',
    counts.gained > 0 ? `${counted(counts.gained, 'grant')} gained` : '',
    counts.lost > 0 ? `${counted(counts.lost, 'grant')} lost` : '',
    counts.interrupted > 0 ? `${counted(counts.interrupted, 'grant')} interrupted` : '',
    counts.privilege > 0 ? `${counted(counts.privilege, 'privilege')} touched` : '',
    counts.secretInState > 0 ? `${counted(counts.secretInState, 'secret')} in state` : '',
    `${counts.broadening} broadening`,
    `${counts.breaking} breaking`,
    counts.acknowledged > 0 ? `${counts.acknowledged} acknowledged` : '',
  ].filter((text) => text !== '');
}

/** What Terraform does to resources, nothing that it does not. */
export function changeWords(changes: ChangeCounts): string {
  const words = (['created', 'changed', 'replaced', 'destroyed', 'moved', 'imported', 'forgotten'] as const)
    .filter((kind) => changes[kind] > 0)
    .map((kind) => `${changes[kind]} ${kind}`);
  return words.length === 0 ? 'nothing changes' : words.join(', ');
}

/** Whether there is anything to say beyond the verdict. */
export function isQuiet(review: Review): boolean {
  return [review.access, review.privilege, review.exposure, review.credentials, review.blastRadius, review.drift].every(
    (section) => section.length === 0,
  );
}
