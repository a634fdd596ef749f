import { counted } from '../message';
import type {
  AccessFinding,
  ChangeCounts,
  Finding,
  FindingKind,
  Grant,
  UnjudgedWord,
  Verdict,
  VerdictLabel,
  VerdictWord,
} from '../model';
import type { Resource } from '../plan/resource';

/** The word above everything, and what it is made of. */
export function verdictOf(
  findings: readonly Finding[],
  access: readonly AccessFinding[],
  grants: readonly Grant[],
): Verdict {
  const count = (kind: FindingKind): number => findings.filter(({ kinds }) => kinds.includes(kind)).length;
  const pairs = (change: AccessFinding['change']): number =>
    access.filter((finding) => finding.change === change).length;
  const broadening = count('broadening');
  const breaking = count('breaking');
  const unjudged = count('unjudged');
  return {
    label: labelOf(broadening > 0, breaking > 0, unjudged),
    broadening: broadening > 0,
    breaking: breaking > 0,
    unjudged: unjudged > 0,
    counts: {
      broadening,
      breaking,
      critical: count('critical'),
      privilege: count('privilege'),
      secretInState: count('secret-in-state'),
      unjudged,
      acknowledged: findings.filter(({ acknowledgement }) => acknowledgement !== undefined).length,
      gained: pairs('gained'),
      lost: pairs('lost'),
      interrupted: pairs('interrupted'),
      identical: grants.filter(({ change }) => ['unchanged', 'kept', 'imported'].includes(change)).length,
    },
  };
}

function labelOf(broadening: boolean, breaking: boolean, unjudged: number): VerdictLabel {
  const word: VerdictWord | undefined =
    broadening && breaking ? 'BROADENING and BREAKING' : broadening ? 'BROADENING' : breaking ? 'BREAKING' : undefined;
  if (unjudged === 0) {
    return word ?? 'NEUTRAL';
  }
  const open = `NOT JUDGED: ${counted(unjudged, 'change')}` as UnjudgedWord;
  return word === undefined ? open : `${word}, ${open}`;
}

/** What Terraform does to managed resources of every kind. */
export function countChanges(resources: readonly Resource[]): ChangeCounts {
  const counts = {
    created: 0,
    changed: 0,
    replaced: 0,
    destroyed: 0,
    moved: 0,
    imported: 0,
    forgotten: 0,
    unchanged: 0,
  };
  for (const { mode, action, moved, importing } of resources) {
    if (mode === 'managed') {
      counts.created += Number(action === 'create');
      counts.changed += Number(action === 'update');
      counts.replaced += Number(action === 'replace');
      counts.destroyed += Number(action === 'delete');
      counts.moved += Number(moved);
      counts.imported += Number(importing);
      counts.forgotten += Number(action === 'forget');
      counts.unchanged += Number(action === 'no-op' && !moved && !importing);
    }
  }
  return counts;
}
