import type { AzureClient } from '../azure/client';
import type { CredentialContext } from '../entra/credential';
import type { ManifestApplication } from '../manifest/manifest';

/** What a probe may reach. */
export interface Sandbox {
  readonly instanceId: string;
  readonly arm: AzureClient;
  readonly graph: AzureClient;
  readonly context: CredentialContext;
  readonly applications: readonly ManifestApplication[];
  readonly subscriptionKey?: string;
}

export interface Finding {
  readonly answer: 'holds' | 'does not hold' | 'could not tell';
  /** What was seen, without an identifier. */
  readonly evidence: string;
}

export type Probe = (sandbox: Sandbox) => Promise<Finding>;

export const holds = (evidence: string): Finding => ({ answer: 'holds', evidence });
export const doesNotHold = (evidence: string): Finding => ({ answer: 'does not hold', evidence });
export const couldNotTell = (evidence: string): Finding => ({ answer: 'could not tell', evidence });

/** The verdict over several cases: one that is against it is enough. */
export function over(
  cases: readonly boolean[],
  evidence: (right: number, all: number) => string,
  none: string,
): Finding {
  const right = cases.filter(Boolean).length;
  if (cases.length === 0) {
    return couldNotTell(none);
  }
  return right === cases.length ? holds(evidence(right, cases.length)) : doesNotHold(evidence(right, cases.length));
}

const IDENTIFIERS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<id>'],
  [/\/subscriptions\/[^\s;,]+/gi, '<resource>'],
  [/\b[\w-]+\.(azure-api|vault\.azure|vault\.usgovcloudapi|azure)\.(net|us|cn|com)\b/gi, '<host>'],
  [/[\w.+-]+@[\w.-]+/g, '<address>'],
];

/** Evidence as it may be filed where anybody reads it. */
export function anonymous(text: string, names: readonly string[]): string {
  const withoutNames = names
    .filter((name) => name.length > 2)
    .sort((one, other) => other.length - one.length)
    .reduce((left, name) => left.replaceAll(name, '<name>'), text);
  return IDENTIFIERS.reduce((left, [pattern, put]) => left.replace(pattern, put), withoutNames);
}
