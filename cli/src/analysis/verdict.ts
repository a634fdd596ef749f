import type { AccessFinding, ChangeCounts, Finding, FindingKind, Verdict, VerdictLabel } from '../model';
import type { Resource } from '../plan/resource';

/** The word above everything, and what it is made of. */
export function verdictOf(findings: readonly Finding[], access: readonly AccessFinding[]): Verdict {
  const count = (kind: FindingKind): number => findings.filter(({ kinds }) => kinds.includes(kind)).length;
  const pairs = (change: AccessFinding['change']): number =>
    access.filter((finding) => finding.change === change).length;
  const broadening = count('broadening');
  const breaking = count('breaking');
  return {
    label: labelOf(broadening > 0, breaking > 0),
    broadening: broadening > 0,
    breaking: breaking > 0,
    counts: {
      broadening,
      breaking,
      critical: count('critical'),
      privilege: count('privilege'),
      secretInState: count('secret-in-state'),
      acknowledged: findings.filter(({ acknowledgement }) => acknowledgement !== undefined).length,
      gained: pairs('gained'),
      lost: pairs('lost'),
      interrupted: pairs('interrupted'),
    },
  };
}

function labelOf(broadening: boolean, breaking: boolean): VerdictLabel {
  if (broadening && breaking) {
    return 'BROADENING and BREAKING';
  }
  return broadening ? 'BROADENING' : breaking ? 'BREAKING' : 'NEUTRAL';
}

/** What Terraform does to managed resources of every kind. */
export function countChanges(resources: readonly Resource[]): ChangeCounts {
  const managed = resources.filter(({ mode }) => mode === 'managed');
  const count = (holds: (resource: Resource) => boolean): number => managed.filter(holds).length;
  return {
    created: count(({ action }) => action === 'create'),
    changed: count(({ action }) => action === 'update'),
    replaced: count(({ action }) => action === 'replace'),
    destroyed: count(({ action }) => action === 'delete'),
    moved: count(({ moved }) => moved),
    imported: count(({ importing }) => importing),
    forgotten: count(({ action }) => action === 'forget'),
    unchanged: count(({ action, moved, importing }) => action === 'no-op' && !moved && !importing),
  };
}
