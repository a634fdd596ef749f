import { attribute, text, type Path } from '../plan/attributes';
import type { Resource } from '../plan/resource';
import type { ReferencesOf, SideName } from './aliases';
import { parsePolicy, UNKNOWN_TEXT, type PolicyRules } from './policy-xml';

/** A product's policy on one side of the change. */
export interface Policy extends PolicyRules {
  /** Nothing of its text may be printed. */
  readonly sensitive: boolean;
  /** Read from the configuration, since a value in it is unknown until apply. */
  readonly fromTemplate: boolean;
}

/** The path of a policy's text in the resource. */
export function policyPath(resource: Resource): Path {
  return resource.type.startsWith('azapi_') ? ['body', 'properties', 'value'] : ['xml_content'];
}

/** A product's policy, or undefined where the resource does not exist on that side. */
export function policyOf(resource: Resource, side: SideName, referencesOf: ReferencesOf): Policy | undefined {
  const attributes = resource[side];
  if (attributes === undefined) {
    return undefined;
  }
  const path = policyPath(resource);
  const { value, state, sensitive } = attribute(attributes, path);
  if (typeof value === 'string' && !/link$/.test(text(attributes, 'body', 'properties', 'format') ?? '')) {
    return { ...parsePolicy(value), sensitive, fromTemplate: false };
  }
  const template = state === 'unknown' ? referencesOf(resource).template(resource, path) : undefined;
  if (template !== undefined && template.includes('<')) {
    return { ...parsePolicy(template.replace(/\$\{[^}]*\}/g, UNKNOWN_TEXT)), sensitive, fromTemplate: true };
  }
  return { readable: false, validations: [], limits: [], sensitive, fromTemplate: false };
}
