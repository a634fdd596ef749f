import type { AllowEntry } from '../input/allow-file';
import type { Acknowledgement, Finding } from '../model';

/** Marks the findings that a valid acknowledgement covers. */
export function acknowledge<F extends Finding>(
  findings: readonly F[],
  allowed: readonly AllowEntry[],
  asOf: string,
): readonly F[] {
  return findings.map((finding) => {
    const entry = allowed.find((candidate) => matches(candidate, finding) && candidate.expires >= asOf);
    return entry === undefined
      ? finding
      : { ...finding, acknowledgement: { reason: entry.reason, expires: entry.expires } };
  });
}

/** Every acknowledgement with what became of it. */
export function acknowledgementsOf(
  findings: readonly Finding[],
  allowed: readonly AllowEntry[],
  asOf: string,
): readonly Acknowledgement[] {
  return allowed.map((entry) => {
    const found = findings.filter((finding) => matches(entry, finding)).map(({ id }) => id);
    return {
      rule: entry.rule,
      address: entry.address,
      ...(entry.stack === undefined ? {} : { stack: entry.stack }),
      reason: entry.reason,
      digest: entry.digest,
      expires: entry.expires,
      status:
        found.length === 0
          ? findings.some((finding) => isAt(entry, finding))
            ? 'changed'
            : 'idle'
          : entry.expires < asOf
            ? 'expired'
            : 'used',
      findings: found.sort(),
    };
  });
}

/** The very finding that was accepted: one that says something else at the same place is another. */
function matches(entry: AllowEntry, finding: Finding): boolean {
  return entry.digest === finding.digest && isAt(entry, finding);
}

function isAt(entry: AllowEntry, finding: Finding): boolean {
  return (
    entry.rule === finding.rule &&
    (entry.stack === undefined || entry.stack === finding.stack) &&
    (entry.address === finding.address || finding.otherAddresses.includes(entry.address))
  );
}
