import { createHash } from 'node:crypto';
import type { Judged } from '../coverage/judged';
import type { Names } from '../entities/names';
import type { Products } from '../entities/products';
import type { World } from '../entities/world';
import { clean, plain } from '../message';
import type { Finding, FindingKind, Location, MessagePart, Severity } from '../model';
import type { Concern } from '../kinds/row';
import type { Resource } from '../plan/resource';
import { RULES, type RuleId } from '../rules';

/** What every analysis works on. */
export interface Context {
  readonly world: World;
  readonly names: Names;
  readonly products: Products;
  /** What the analyses have understood so far: the rest is reported as not judged. */
  readonly judged: Judged;
  /** Where a resource is written. */
  readonly locate: (resource: Resource) => Location;
  /** `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly expiringWithinDays: number;
}

/** What an analysis says about one finding. */
export interface Draft {
  readonly rule: RuleId;
  readonly resource: Resource;
  /** Distinguishes findings of the same rule on the same resource. */
  readonly subject?: string;
  /** The rule's own, where it is absent. */
  readonly severity?: Severity;
  readonly kinds?: readonly FindingKind[];
  readonly says: readonly MessagePart[];
  readonly otherAddresses?: readonly string[];
  /** The part of the resource's change that the finding reports. */
  readonly judges?: readonly Concern[];
}

export function finding(context: Context, draft: Draft): Finding {
  const { rule, resource, subject = '', kinds = [], says } = draft;
  const severity = draft.severity ?? RULES[rule].severity;
  context.judged.mark(resource, ...(draft.judges ?? []));
  const message = plain(says);
  return {
    id: createHash('sha256')
      .update(JSON.stringify([rule, resource.stack, resource.address, subject]))
      .digest('hex')
      .slice(0, 16),
    digest: digestOf(rule, resource.address, kinds, message),
    rule,
    severity,
    kinds: severity === 'critical' && !kinds.includes('critical') ? [...kinds, 'critical'] : kinds,
    message,
    parts: says,
    stack: resource.stack,
    address: clean(resource.address),
    otherAddresses: (draft.otherAddresses ?? []).map(clean).sort(),
    location: context.locate(resource),
  };
}

/** What two findings share only where they say the same of the same block. */
function digestOf(...said: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32);
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** The most urgent first; then as people would look for it. */
export function byImportance(one: Finding, other: Finding): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    other.kinds.length - one.kinds.length ||
    compare(one.stack, other.stack) ||
    compare(one.message, other.message) ||
    compare(one.address, other.address) ||
    compare(one.id, other.id)
  );
}

/** Orders by code units, the same on every machine. */
export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
