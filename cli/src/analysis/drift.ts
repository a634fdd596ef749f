import { createHash } from 'node:crypto';
import { plain, say } from '../message';
import type { DriftFinding, Finding } from '../model';
import { byImportance } from './context';
import type { Sections } from './sections';

/** Turns what an analysis of drifted resources finds into drift: it has happened, so it is part of no verdict. */
export function driftFindings(sections: Sections): readonly DriftFinding[] {
  return [
    ...sections.access.findings.map((found) => drift(found, 'access')),
    ...sections.privilege.map((found) => drift(found, 'privilege')),
    ...sections.exposure.map((found) => drift(found, 'exposure')),
    ...sections.credentials
      .filter(({ change }) => change !== 'expiring' && change !== 'in state')
      .map((found) => drift(found, 'credentials')),
    ...sections.blastRadius.map((found) => drift(found, 'blast radius')),
  ].sort(byImportance);
}

function drift(found: Finding, about: DriftFinding['about']): DriftFinding {
  const parts = say`outside of Terraform: ${found.parts}`;
  return {
    id: createHash('sha256').update(`drift ${found.id}`).digest('hex').slice(0, 16),
    digest: found.digest,
    rule: 'drift',
    severity: found.severity === 'critical' ? 'high' : found.kinds.length === 0 ? 'low' : 'medium',
    kinds: [],
    message: plain(parts),
    parts,
    stack: found.stack,
    address: found.address,
    otherAddresses: found.otherAddresses,
    location: found.location,
    about,
  };
}
