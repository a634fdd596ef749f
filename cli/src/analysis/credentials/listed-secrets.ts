import { name, say } from '../../message';
import type { CredentialFinding } from '../../model';
import { attribute, text } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import { armAlias, armKey } from '../../entities/aliases';
import type { Context } from '../context';
import { client, credentialFinding, type Credential } from './credential';

const ANSWERS_SECRET = /^(?:listSecrets|listKeys|listValue|token|regenerate\w+)$/i;

/**
 * Answers of `listSecrets` and its kin that a resource action or a data source keeps, as an ephemeral one would
 * not. A data source asks each time that somebody plans.
 */
export function listedSecrets(context: Context): CredentialFinding[] {
  return context.world.resources
    .filter(({ type }) => type === 'azapi_resource_action')
    .filter(({ mode, action }) => mode === 'data' || ['create', 'replace', 'update'].includes(action))
    .filter(({ after }) => isOfInstance(after) && ANSWERS_SECRET.test(text(after, 'action') ?? ''))
    .filter(({ after }) => text(after, 'method')?.toUpperCase() !== 'GET')
    .filter((resource) => exportsAnswer(resource))
    .map((resource) => listedSecret(context, resource));
}

function isOfInstance(side: Resource['after']): boolean {
  return /^microsoft\.apimanagement\/service(?:\/|@|$)/i.test(text(side, 'type') ?? '');
}

function listedSecret(context: Context, resource: Resource): CredentialFinding {
  const type = (text(resource.after, 'type') ?? '').split('@')[0]?.toLowerCase().split('/').at(-1);
  const what =
    type === 'clientapplications' ? 'client secret' : type === 'subscriptions' ? 'subscription key' : 'secret';
  const key = context.world.principal(resource, 'after', 'resource_id', (id) => {
    const found = armKey(id);
    return found === undefined ? undefined : armAlias(found);
  });
  const owner = client(context, key);
  const known = owner.name !== 'unknown until apply';
  const whose = known ? say` of ${name(owner.name)}` : '';
  const credential: Credential = {
    resource,
    kind: type === 'subscriptions' ? 'subscription key' : 'client secret',
    ...(known ? { owner } : {}),
  };
  const says =
    resource.mode === 'data'
      ? say`each plan asks for the ${what}${whose}${type === 'clientapplications' ? ', which makes a new one,' : ''} and the plan and the state contain it in clear text: use an ephemeral azapi_resource_action`
      : say`the state contains the ${what}${whose} in clear text: use an ephemeral azapi_resource_action`;
  context.judged.mark(resource, 'credential');
  // anyone who reads the state could not act as it before
  return credentialFinding(context, credential, 'secret-in-state', 'in state', ['broadening', 'secret-in-state'], says);
}

function exportsAnswer(resource: Resource): boolean {
  const { state, value } = attribute(resource.after, ['response_export_values']);
  const sensitive = attribute(resource.after, ['sensitive_response_export_values']);
  const named = state === 'known' && typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  const namedSensitive =
    sensitive.state === 'known' &&
    typeof sensitive.value === 'object' &&
    sensitive.value !== null &&
    Object.keys(sensitive.value).length > 0;
  // without a list azapi exports the whole answer
  return state !== 'known' || named || namedSensitive;
}
