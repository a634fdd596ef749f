import { isUnknown, text } from '../plan/attributes';
import { kindOf, rowOf } from '../plan/kinds';
import type { Resource, Side } from '../plan/resource';

/** What a change could mean of which no kind is known. */
export interface Family {
  readonly may: string;
}

/** Families of types, some of which this tool knows by kind: a type of them that nobody has looked at is not harmless. */
const BY_TYPE: readonly (readonly [type: RegExp, may: string])[] = [
  [/^azurerm_api_management/, 'change who can call APIs of the instance'],
  [/^azurerm_key_vault/, 'change who reads secrets and keys of clients'],
  [
    /^azurerm_(?:role_|pim_|.*_role_assignment|lighthouse_)/,
    'give somebody a role of Azure on the instance or a vault',
  ],
  [/^azurerm_(?:user_assigned_identity|federated_identity_credential)/, 'change who acts as an identity'],
  [/^azurerm_.*(?:template_deployment|deployment_stack|deployment_script)/, 'write anything in Azure, access included'],
  [
    /^azurerm_(?:.*policy_(?:virtual_machine_configuration_)?assignment|policy_|.*_policy_(?:set_)?(?:definition|remediation|exemption)|blueprint_|managed_application)/,
    'let something else write anything in Azure, access included',
  ],
  [/^azurerm_(?:management_group|subscription)(?:_|$)/, 'put the instance or a vault under other roles'],
  [/^azurerm_(?:app_service|function_app|spring_cloud)_connection$/, 'give a role or a secret to what it connects'],
  [/^azuread_/, 'change applications, grants, groups or roles of Entra'],
  [/^(?:msgraph|microsoft365|graph)_/, 'write anything in Entra, grants included'],
  [/^(?:restapi|restful|rest|curl|http|shell|command|exec|local)_/, 'do anything that its provider can'],
];

/** Data sources that do something by being read. */
const READING: readonly (readonly [type: string, may: string])[] = [
  ['external', 'do anything, since it runs a program'],
  ['http', 'write anything, since it sends a request'],
];

const BY_NAMESPACE: readonly (readonly [namespace: string, may: string])[] = [
  ['microsoft.apimanagement', 'change who can call APIs of the instance'],
  ['microsoft.authorization', 'give somebody a role of Azure on the instance or a vault'],
  ['microsoft.keyvault', 'change who reads secrets and keys of clients'],
  ['microsoft.managedidentity', 'change who acts as an identity'],
  ['microsoft.managedservices', 'give somebody outside of the tenant a role of Azure'],
  ['microsoft.resources/deployment', 'write anything in Azure, access included'],
  ['microsoft.resources/templatespecs', 'write anything in Azure, access included'],
  ['microsoft.policyinsights', 'write anything in Azure, access included'],
  ['microsoft.blueprint', 'write anything in Azure, access included'],
  ['microsoft.solutions', 'let something else write anything in Azure, access included'],
  ['microsoft.management', 'put the instance or a vault under other roles'],
  ['microsoft.subscription', 'put the instance or a vault under other roles'],
  ['microsoft.servicelinker', 'give a role or a secret to what it connects'],
  ['microsoft.graph', 'write anything in Entra, grants included'],
];

/** What comes after the object on which an action is called: with steps of its own it may lead anywhere. */
const LEADS_ON = /[/\\%?#]|\.\./;

/** What a change of a resource could mean for access; undefined where its type has nothing to do with it. */
export function familyOf(resource: Resource): Family | undefined {
  const reading = resource.mode === 'data' ? READING.find(([type]) => type === resource.type)?.[1] : undefined;
  if (reading !== undefined) {
    return { may: reading };
  }
  const kind = kindOf(resource);
  if (kind !== undefined) {
    return rowOf(kind);
  }
  const found = resource.type.startsWith('azapi_')
    ? azapi(resource)
    : BY_TYPE.find(([type]) => type.test(resource.type))?.[1];
  return found === undefined ? undefined : { may: found };
}

/** Any block of azapi, by its type and by what it is on: both may be written in any case and with any version. */
function azapi(resource: Resource): string | undefined {
  const sides = [resource.before, resource.after].filter((side): side is Side => side !== undefined);
  const named = sides.map((side) => text(side, 'type')?.toLowerCase());
  if (named.length === 0 || named.includes(undefined)) {
    return 'be of any type, which is not known before the apply';
  }
  const places = sides.flatMap((side) => ['resource_id', 'parent_id'].map((path) => text(side, path)?.toLowerCase()));
  const byType = BY_NAMESPACE.find(([namespace]) => named.some((type) => type?.startsWith(namespace)));
  const byPlace = BY_NAMESPACE.find(([namespace]) => places.some((id) => id?.includes(`/providers/${namespace}`)));
  const leadsOn = sides.some((side) => isUnknown(side, 'action') || LEADS_ON.test(text(side, 'action') ?? ''));
  return (byType ?? byPlace)?.[1] ?? (leadsOn ? 'write anything, since its path leads on from the object' : undefined);
}
