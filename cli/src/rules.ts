import type { Severity } from './model';

/** Which list of the review a finding of a rule is in. */
export type Section =
  | 'contract'
  | 'not judged'
  | 'access'
  | 'privilege'
  | 'exposure'
  | 'ways in'
  | 'credentials'
  | 'blast radius'
  | 'drift';

export interface Rule {
  readonly id: string;
  readonly section: Section;
  /** The severity that most findings of the rule have. */
  readonly severity: Severity;
  /** What it is, as a title. */
  readonly title: string;
  /** Why a reviewer should care. */
  readonly why: string;
}

function rules<Id extends string>(
  section: Section,
  table: Readonly<Record<Id, readonly [Severity, string, string]>>,
): Readonly<Record<Id, Rule>> {
  const entries = (Object.entries(table) as [Id, readonly [Severity, string, string]][]).map(
    ([id, [severity, title, why]]) => [id, { id, section, severity, title, why }] as const,
  );
  return Object.fromEntries(entries) as unknown as Record<Id, Rule>;
}

/** Everything that a review can find. The ids are part of allow files and of SARIF results: they stay. */
export const RULES = {
  ...rules('contract', {
    'contract-broken': ['high', 'A contract is broken', 'The contract forbids it.'],
  }),
  ...rules('not judged', {
    'not-judged': [
      'high',
      'A change is not judged',
      'It can affect access, and nothing in the review explains it: check it in the plan.',
    ],
  }),
  ...rules('access', {
    'access-gained': [
      'medium',
      'A client gains a product',
      'It can call every API of the product as soon as the plan is applied.',
    ],
    'access-lost': ['medium', 'A client loses a product', 'Its calls are refused as soon as the plan is applied.'],
    'access-interrupted': [
      'medium',
      'A client loses a product and gets it again',
      'Its calls are refused between the two steps, and longer where the second fails.',
    ],
    'access-kept': [
      'info',
      'Terraform forgets a grant',
      'The client keeps the product, but no plan will show it any more.',
    ],
    'access-imported': ['info', 'Terraform imports a grant', 'The client has the product already.'],
  }),
  ...rules('privilege', {
    'privilege-granted': ['high', 'A privilege is granted', 'Anyone who has it can do more than call APIs.'],
    'privilege-withdrawn': ['medium', 'A privilege is withdrawn', 'What depends on it stops working.'],
    'privilege-interrupted': [
      'low',
      'A privilege is withdrawn and granted again',
      'What depends on it fails between the two steps.',
    ],
    'privilege-kept': ['info', 'Terraform forgets a privilege', 'It stays, but no plan will show it any more.'],
    'privilege-imported': ['info', 'Terraform imports a privilege', 'It exists already.'],
  }),
  ...rules('exposure', {
    'product-open': [
      'critical',
      'A product becomes open',
      'Anyone who reaches the gateway can call its APIs, without token or key.',
    ],
    'product-closed': ['medium', 'An open product is closed', 'Callers without token or key are refused.'],
    'protection-unknown': [
      'high',
      'It is unknown whether a product is open',
      'Nothing that the plan shows protects it.',
    ],
    'product-created': ['info', 'A product is created', 'It is one more way to the APIs in it.'],
    'product-kept': ['info', 'Terraform forgets a product', 'It stays as it is, but no plan will show it any more.'],
    'tokens-on': [
      'low',
      'Application based access is switched on',
      'Clients with a grant can call with an access token.',
    ],
    'tokens-off': ['high', 'Application based access is switched off', 'Access tokens are no longer accepted.'],
    'tokens-demanded': ['high', 'A token is demanded in addition to the key', 'Calls with a key alone are refused.'],
    'tokens-not-demanded': ['high', 'A token is no longer demanded', 'A subscription key alone is enough.'],
    'tokens-may-be-off': [
      'medium',
      'Application based access may be switched off by an update',
      'The azurerm provider writes the product without its authentication type.',
    ],
    'keys-accepted': [
      'medium',
      'Subscription keys are accepted',
      'Anyone who has a key needs no token; keys do not expire.',
    ],
    'keys-refused': ['medium', 'Subscription keys are no longer accepted', 'Callers with a key are refused.'],
    'keys-demanded': ['medium', 'A key is demanded in addition to the token', 'Calls with a token alone are refused.'],
    'keys-not-demanded': ['medium', 'A key is no longer demanded', 'A token alone is enough.'],
    'product-published': ['low', 'A product is published', 'Developers see it in the portal and may ask for it.'],
    'product-withdrawn': ['medium', 'A product is withdrawn', 'Developers no longer see it, and cannot ask for it.'],
    'approval-dropped': [
      'low',
      'Subscriptions need no approval any more',
      'Anyone who sees the product gets a key at once.',
    ],
    'approval-demanded': ['low', 'Subscriptions need approval', 'Requests for a key wait for an administrator.'],
    'audience-changed': ['high', 'The audience of a product changes', 'Tokens for the former audience stop working.'],
    'audience-added': [
      'low',
      'Another audience is accepted',
      'Tokens that were issued for something else are accepted.',
    ],
    'validation-weakened': [
      'high',
      'The validation of tokens is weakened',
      'Tokens are accepted that were refused before.',
    ],
    'validation-tightened': [
      'medium',
      'The validation of tokens is tightened',
      'Tokens are refused that were accepted before.',
    ],
    'api-open': [
      'critical',
      'An API becomes open',
      'Anyone who reaches the gateway can call it outside of its products, without token or key.',
    ],
    'api-keys-not-demanded': [
      'high',
      'An API demands no key any more',
      'It can be called outside of its products, whose demands do not apply.',
    ],
    'api-keys-demanded': ['medium', 'An API demands a key', 'Callers without one are refused.'],
    'tokens-of-tenant': [
      'high',
      'A product takes every token of a tenant',
      'Any application of the tenant can get such a token, without a grant.',
    ],
    'tokens-in-use': [
      'medium',
      'A product takes tokens that exist already',
      'Clients of something else can call its APIs without their own grant.',
    ],
    'check-weakened': [
      'high',
      'A check of a policy is weakened',
      'Calls are accepted that were refused before, by their address, certificate, header or content.',
    ],
    'check-tightened': ['medium', 'A check of a policy is tightened', 'Calls are refused that were accepted before.'],
    'policy-skipped': [
      'high',
      'A policy skips those around it',
      'The demands of products and of the instance no longer apply.',
    ],
    'policy-interrupted': [
      'medium',
      'A policy is taken away and written again',
      'Its demands do not apply to calls between the two steps.',
    ],
    'api-moved': ['medium', 'An API moves to another path', 'Calls to the former path fail.'],
    'origins-widened': [
      'low',
      'Pages of more origins may read answers',
      'A page in the browser of somebody who has access can use that access.',
    ],
    'origins-narrowed': ['low', 'Pages of fewer origins may read answers', 'Pages that read answers before fail.'],
    'assignment-not-required': [
      'medium',
      'Tokens need no assignment any more',
      'Every application of the tenant can get a token for the product.',
    ],
    'assignment-required': ['low', 'Tokens need an assignment', 'Applications without a grant no longer get a token.'],
    'tenants-widened': [
      'high',
      'A registration is opened to other tenants',
      'Applications outside of the organization can get a token.',
    ],
    'tenants-narrowed': [
      'medium',
      'A registration is closed to other tenants',
      'Applications outside of the organization no longer get a token.',
    ],
    'role-removed': [
      'high',
      'An app role is removed or disabled',
      'Tokens no longer carry it, and the gateway refuses them.',
    ],
    'role-widened': [
      'medium',
      'An app role can be assigned to others',
      'Users and groups, or applications, can get it that could not before.',
    ],
    'role-narrowed': ['medium', 'An app role can be assigned to fewer', 'Holders of the other kind lose it.'],
    'role-added': ['info', 'An app role is added', 'It can be assigned from now on.'],
    'client-preauthorized': [
      'medium',
      'An application is authorized in advance',
      'It gets delegated tokens without anyone consenting.',
    ],
    'client-not-preauthorized': [
      'low',
      'An application is no longer authorized in advance',
      'Its users have to consent.',
    ],
    'api-added': ['medium', 'An API is added to a product', 'Every client of the product reaches it.'],
    'api-removed': ['medium', 'An API is taken from a product', 'Clients of the product no longer reach it this way.'],
    'api-interrupted': [
      'low',
      'An API is taken from a product and added again',
      'Calls are refused between the two steps.',
    ],
    'group-added': ['low', 'A group of developers sees a product', 'Its members can ask for it.'],
    'group-removed': ['low', 'A group of developers no longer sees a product', 'Its members cannot ask for it.'],
    'limit-loosened': ['medium', 'A limit is loosened', 'A client can make more calls than before.'],
    'limit-tightened': ['medium', 'A limit is tightened', 'A client that makes as many calls as before is refused.'],
    'limit-changed': ['medium', 'A limit counts differently', 'It is unknown whether it is tighter or looser.'],
  }),
  ...rules('ways in', {
    'way-made': [
      'high',
      'Somebody gets a way to a product',
      'Nobody grants it, but it can act as a client or change what the product demands.',
    ],
    'way-closed': ['info', 'A way to a product is closed', 'Its users need a grant or another way.'],
  }),
  ...rules('credentials', {
    'credential-made': ['medium', 'A credential is made', 'Anyone who has it can act as the client.'],
    'credential-rotated': ['medium', 'A credential is replaced', 'Calls with the former one are refused.'],
    'credential-changed': ['medium', 'A credential is changed', 'Somebody else may be able to act as the client.'],
    'credential-removed': ['medium', 'A credential is removed', 'Calls with it are refused.'],
    'credential-unstored': [
      'medium',
      'The stored copy of a credential is removed',
      'Those who read it from there fail.',
    ],
    'credential-kept': ['info', 'Terraform forgets a credential', 'It stays valid, but no plan will show it any more.'],
    'credential-imported': ['info', 'Terraform imports a credential', 'It is valid already.'],
    'credential-expiring': ['medium', 'A credential expires soon', 'The client is refused from then on.'],
    'secret-copied': [
      'high',
      'A secret is copied to another place',
      'Anyone who can read it there can act as the client.',
    ],
    'secret-in-state': [
      'high',
      'A secret is in Terraform state',
      'Anyone who can read the state can act as the client.',
    ],
  }),
  ...rules('blast radius', {
    'blast-radius': [
      'high',
      'Something that clients rely on is destroyed or replaced',
      'Clients stop working and need new ids, audiences or credentials.',
    ],
  }),
  ...rules('drift', {
    drift: [
      'medium',
      'Access was changed outside of Terraform',
      'Somebody changed it by hand; the plan may change it back.',
    ],
  }),
} as const;

export type RuleId = keyof typeof RULES;
