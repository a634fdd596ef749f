import { Cloud } from '../../cloud';
import {
  elementsIn,
  parsePolicy,
  PolicyElement,
  PolicyFormat,
  PolicySyntaxError,
  writePolicy,
} from '../../gateway/policy-document';
import { JsonObject } from '../../json';
import { ArmType, Request, validationError } from '../arm-type';
import { serviceOf } from './context';

const SECTIONS = ['inbound', 'backend', 'outbound', 'on-error'];

const formatOf = (format: unknown): PolicyFormat =>
  typeof format === 'string' && format.startsWith('raw') ? 'rawxml' : 'xml';

function parsed(value: unknown, format: unknown): PolicyElement {
  if (typeof value !== 'string' || value === '') {
    throw validationError('One or more fields contain incorrect values: policy value is required');
  }
  try {
    return parsePolicy(value, formatOf(format));
  } catch (error) {
    if (error instanceof PolicySyntaxError) {
      throw validationError(`One or more fields contain incorrect values: ${error.message}`);
    }
    throw error;
  }
}

function demandNamedValues(cloud: Cloud, serviceId: string, value: string): void {
  const known = cloud.store.list(`${serviceId}/namedValues`).map(({ body }) => String(body.properties.displayName));
  for (const [, name] of value.matchAll(/\{\{([\w.-]+)\}\}/g)) {
    if (!known.includes(name)) {
      throw validationError(`Cannot find a property '${name}'`);
    }
  }
}

function policyType(root: 'policies' | 'fragment'): ArmType {
  return {
    write: ({ cloud, id, body }) => {
      const { value, format, ...rest } = (body.properties ?? {}) as JsonObject;
      const document = parsed(value, format);
      if (document.name !== root) {
        throw validationError(`Error in element '${document.name}': the root element of a policy must be '${root}'`);
      }
      const unknown = elementsIn(document).find(({ name }) => root === 'policies' && !SECTIONS.includes(name));
      if (unknown !== undefined) {
        throw validationError(`Error in element '${unknown.name}': the element is not a section of a policy`);
      }
      demandNamedValues(cloud, serviceOf(cloud, id).id, value as string);
      return { body: { properties: { ...rest, value, format: formatOf(format) } } };
    },
    read: (request, answered) => {
      answered.properties = asRead(request, answered.properties as JsonObject);
      return answered;
    },
  };
}

function asRead({ cloud, call }: Request, properties: JsonObject): JsonObject {
  const sent = formatOf(properties.format);
  const wanted = formatOf(call.query.get('format'));
  if (cloud.settings.policies === 'verbatim' || (sent === wanted && wanted === 'rawxml')) {
    return { ...properties, format: wanted };
  }
  return { ...properties, format: wanted, value: writePolicy(parsePolicy(String(properties.value), sent), wanted) };
}

const SCOPES = ['', 'products/', 'apis/', 'apis/operations/', 'workspaces/'];

export const POLICY_TYPES: { readonly [type: string]: ArmType } = {
  ...Object.fromEntries(
    SCOPES.map((scope) => [`microsoft.apimanagement/service/${scope}policies`, policyType('policies')]),
  ),
  'microsoft.apimanagement/service/policyfragments': policyType('fragment'),
};
