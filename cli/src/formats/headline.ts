import { counted } from '../message';
import type { ChangeCounts, Verdict } from '../model';

/** What is most worth knowing about a verdict, in a few words each; NEUTRAL begins with its proof. */
export function highlights({ label, counts }: Verdict): readonly string[] {
  const neutral = label === 'NEUTRAL';
  return [
    neutral ? `Access is identical: ${counted(counts.identical, 'pair')} of client and product before and after` : '',
    counts.unjudged > 0 ? `${counted(counts.unjudged, 'change')} not judged` : '',
    counts.critical > 0 ? counted(counts.critical, 'critical finding') : '',
    counts.gained > 0 ? `${counted(counts.gained, 'grant')} gained` : '',
    counts.lost > 0 ? `${counted(counts.lost, 'grant')} lost` : '',
    counts.interrupted > 0 ? `${counted(counts.interrupted, 'grant')} interrupted` : '',
    counts.privilege > 0 ? `${counted(counts.privilege, 'privilege')} touched` : '',
    counts.secretInState > 0 ? `${counted(counts.secretInState, 'secret')} in state` : '',
    neutral ? '' : `${counts.broadening} broadening`,
    neutral ? '' : `${counts.breaking} breaking`,
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
