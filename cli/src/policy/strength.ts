import { isExpression } from './expression';
import { textsIn } from './properties';
import { valuesIn } from './state';
import type { Flow, Step } from './flow';
import { dutiesOf, outcomeOf } from './guarantee';
import type { PolicyNode } from './reader';

/**
 * Whose tokens a validation lets in. `none`: it stops nobody, since anybody can make such a token. `any tenant`, `tenant`:
 * every token of every tenant, or of one. `bound`: those for an audience, of some clients, or with some claim.
 */
export type Strength = 'none' | 'any tenant' | 'tenant' | 'bound';

const ORDER: readonly Strength[] = ['none', 'any tenant', 'tenant', 'bound'];

/** Claims that every token of a tenant has, for any client. */
const EVERYBODYS: ReadonlySet<string> = new Set(
  'ver iss tid typ idtyp exp nbf iat azpacr appidacr acr uti rh aio alg oid sub azp appid'.split(' '),
);

/** Names of tenants that mean more than one. */
const ANY_TENANT = /^(?:common|organizations|consumers)$/i;

export function strengthOf(node: PolicyNode): Strength {
  const attribute = (name: string): string | undefined => node.attributes.get(name)?.trim();
  const given = attribute('token-value');
  if (given !== undefined && !isExpression(given)) {
    return 'none';
  }
  const isJwt = node.name === 'validate-jwt';
  const configurations = node.children
    .filter(({ name }) => name === 'openid-config')
    .map(({ attributes }) => attributes.get('url') ?? '');
  const keys = node.children.filter(({ name }) => name === 'issuer-signing-keys').flatMap(({ children }) => children);
  if (isJwt) {
    const signed = attribute('require-signed-tokens') ?? 'true';
    // keys that a caller names are the caller's
    const named = [...configurations, ...keys.flatMap(valuesIn)].some((value) => isFromCaller(value));
    if (!/^true$/i.test(signed) || named || (configurations.length === 0 && keys.length === 0)) {
      return 'none';
    }
  }
  if (isBound(node)) {
    return 'bound';
  }
  const tenants = isJwt
    ? configurations.map((url) => (isExpression(url) ? url : (/^https:\/\/[^/]+\/([^/]+)/.exec(url)?.[1] ?? '')))
    : [attribute('tenant-id') ?? 'common'];
  const issuers = textsIn(node, 'issuers', 'issuer');
  const isAny = tenants.some((tenant) => ANY_TENANT.test(tenant) || isExpression(tenant));
  return isAny && (issuers.length === 0 || issuers.some(isFromCaller)) ? 'any tenant' : 'tenant';
}

/** Whether the caller of an API chooses the value. */
function isFromCaller(value: string): boolean {
  return isExpression(value) && /\bRequest\b/.test(value);
}

function isBound(node: PolicyNode): boolean {
  const lists = [
    textsIn(node, 'audiences', 'audience'),
    textsIn(node, 'client-application-ids', 'application-id'),
    textsIn(node, 'backend-application-ids', 'application-id'),
  ];
  return (
    lists.some((texts) => texts.length > 0 && !texts.some(isFromCaller)) ||
    node.children
      .filter(({ name }) => name === 'required-claims')
      .flatMap(({ children }) => children)
      .some(
        (claim) =>
          !EVERYBODYS.has(claim.attributes.get('name') ?? '') ||
          (/^(?:azp|appid|oid|sub)$/.test(claim.attributes.get('name') ?? '') && claim.children.length > 0),
      )
  );
}

/** Which requests have to bring a token that a policy validates, and whose tokens that lets in. */
export interface Demand {
  readonly applies: 'always' | 'without key' | 'sometimes' | 'never';
  readonly strength: Strength;
}

const NO_KEY = { text: 'context.Subscription == null', holds: true };

export function demandOf({ inbound: { steps } }: Flow): Demand {
  const validations = dutiesOf(steps).flatMap(({ step }) =>
    step.kind === 'check' && step.family === 'token' ? [strengthOf(step.node)] : [],
  );
  // what answers requests itself does not let them through
  const answered = everything(steps);
  const holds = (least: Strength, knows: readonly (typeof NO_KEY)[]): boolean => {
    let validated = false;
    const outcome = outcomeOf(steps, {
      knows,
      answered,
      baseAnswers: false,
      meets: (step) => {
        const validates =
          step.kind === 'check' &&
          step.family === 'token' &&
          ORDER.indexOf(strengthOf(step.node)) >= ORDER.indexOf(least);
        validated ||= validates;
        return validates;
      },
    });
    return validated && outcome === 'met';
  };
  for (const [applies, knows] of [
    ['always', []],
    ['without key', [NO_KEY]],
  ] as const) {
    const strength = (['bound', 'tenant', 'any tenant'] as const).find((least) => holds(least, knows));
    if (strength !== undefined) {
      return { applies, strength };
    }
  }
  return { applies: validations.some((strength) => strength !== 'none') ? 'sometimes' : 'never', strength: 'none' };
}

function everything(steps: readonly Step[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (all: readonly Step[]): void => {
    for (const step of all) {
      if (step.kind === 'fork') {
        step.branches.forEach((branch) => visit(branch.steps));
      } else if (step.kind !== 'check' && step.kind !== 'refusal') {
        found.add(step.id);
      }
    }
  };
  visit(steps);
  return found;
}

/** The audiences that a policy accepts tokens for. */
export function audiencesOf({ inbound: { steps } }: Flow): readonly string[] {
  return [
    ...new Set(
      dutiesOf(steps).flatMap(({ step }) =>
        step.kind === 'check' && step.family === 'token' ? textsIn(step.node, 'audiences', 'audience') : [],
      ),
    ),
  ];
}

/** Whether what is around a policy applies to every request that the policy lets through. */
export function inherits({ inbound: { steps } }: Flow): boolean {
  return (
    outcomeOf(steps, {
      knows: [],
      answered: everything(steps.filter(({ kind }) => kind !== 'base')),
      baseAnswers: true,
      meets: ({ kind }) => kind === 'base',
    }) === 'met'
  );
}
