import { attribute, text } from '../plan/attributes';
import type { Resource } from '../plan/resource';
import { UNKNOWN_TEXT } from '../policy/properties';
import { flowOf } from '../policy/flow';
import { readPolicy } from '../policy/reader';
import { audiencesOf, demandOf, type Demand } from '../policy/strength';
import type { ReferencesOf, SideName } from './aliases';
import type { PolicySide } from './policies';
import { policyPath } from './policy-places';

/** What the policy of a product demands of callers. */
export interface Policy {
  /** False where it cannot be read. */
  readonly readable: boolean;
  readonly demand: Demand;
  readonly audiences: readonly string[];
  /** Nothing of its text may be printed. */
  readonly sensitive: boolean;
}

const NOTHING: Demand = { applies: 'never', strength: 'none' };

export function policyOf({ flow, sensitive, hidden }: PolicySide): Policy {
  return {
    readable: flow !== undefined,
    demand: flow === undefined ? NOTHING : demandOf(flow),
    audiences: flow === undefined ? [] : audiencesOf(flow).filter((audience) => !hidden.has(audience)),
    sensitive,
  };
}

/** The audiences that a block's own text names, before anything else of the plans is known. */
export function audiencesIn(resource: Resource, side: SideName, referencesOf: ReferencesOf): readonly string[] {
  const attributes = resource[side];
  const path = policyPath(resource);
  const { value, state } = attribute(attributes, path);
  const template = state === 'unknown' ? referencesOf(resource).template(resource, path) : undefined;
  const written = typeof value === 'string' ? value : template?.replace(/\$\{[^}]*\}/g, UNKNOWN_TEXT);
  const root =
    written === undefined
      ? undefined
      : readPolicy(written, text(attributes, 'body', 'properties', 'format') === 'xml' ? 'xml' : 'rawxml');
  const flow = root === undefined ? undefined : flowOf(root, (id) => id);
  return flow === undefined ? [] : audiencesOf(flow);
}
