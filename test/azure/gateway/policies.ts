import { parsePolicy, elementsIn, PolicyElement, PolicyFormat } from './policy-document';
import { Resource } from '../arm/store';
import { Cloud } from '../cloud';
import { Admitted } from './request-context';

export type Section = 'inbound' | 'backend' | 'outbound' | 'on-error';

/**
 * The elements of a section that apply to a request: those of the operation, with `<base />` standing for those of the
 * API, then of the product, then of all APIs.
 */
export function sectionOf(cloud: Cloud, admitted: Admitted, section: Section): readonly PolicyElement[] {
  const scopes = [admitted.service, admitted.product, admitted.api, admitted.operation];
  return scopes.reduce<readonly PolicyElement[]>((base, scope) => {
    const document = scope === undefined ? undefined : policyOf(cloud, admitted.service, scope);
    const own = elementsIn(document, section)[0];
    if (document === undefined || own === undefined) {
      return base;
    }
    return withBase(elementsIn(own), base);
  }, []);
}

function withBase(elements: readonly PolicyElement[], base: readonly PolicyElement[]): readonly PolicyElement[] {
  return elements.flatMap((element) => (element.name === 'base' ? base : [element]));
}

export function fragmentOf(cloud: Cloud, service: Resource, id: string): readonly PolicyElement[] | undefined {
  const fragment = cloud.store.get(`${service.id}/policyFragments/${id}`);
  return fragment === undefined ? undefined : elementsIn(parsed(cloud, service, fragment));
}

function policyOf(cloud: Cloud, service: Resource, scope: Resource): PolicyElement | undefined {
  const policy = cloud.store.get(`${scope.id}/policies/policy`);
  return policy === undefined ? undefined : parsed(cloud, service, policy);
}

/** The document with its named values in place. */
function parsed(cloud: Cloud, service: Resource, policy: Resource): PolicyElement {
  const { value, format } = policy.body.properties as { value: string; format: PolicyFormat };
  const named = new Map(
    cloud.store
      .list(`${service.id}/namedValues`)
      .map(({ body: { properties } }) => [String(properties.displayName), String(properties.value ?? '')]),
  );
  return parsePolicy(
    value.replace(/\{\{([\w.-]+)\}\}/g, (whole, name: string) => named.get(name) ?? whole),
    format,
  );
}
