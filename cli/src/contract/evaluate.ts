import type { AccessAnalysis, AccessPair } from '../analysis/access';
import { compare, finding, type Context } from '../analysis/context';
import type { Credential } from '../analysis/credentials/credential';
import type { SideName } from '../entities/aliases';
import { name, say } from '../message';
import type {
  ClientName,
  ContractFinding,
  ContractResult,
  CredentialKind,
  MessagePart,
  PrivilegeFinding,
  ProductName,
} from '../model';
import type { Resource } from '../plan/resource';
import type { Contract, ContractRule, CredentialWord } from './contract';
import { matchesAny } from './glob';

/** What the analyses know that a contract can be about. */
export interface Situation {
  readonly context: Context;
  readonly access: AccessAnalysis;
  readonly privilege: readonly PrivilegeFinding[];
  readonly credentials: readonly Credential[];
  /** How many changes nobody has judged: a contract is proven only where there is none. */
  readonly unjudged: number;
}

/** Something that breaks a rule, on one side of the plan. */
interface Violation {
  /** Distinguishes it from others of the rule. */
  readonly key: string;
  readonly resource: Resource;
  /** What breaks the rule, from the client to the product. */
  readonly path: readonly MessagePart[];
  /** It depends on what is unknown until apply. */
  readonly possible: boolean;
}

/** Every rule of a contract with what became of it, and a finding for each violation. */
export function evaluate(
  contract: Contract,
  situation: Situation,
): { readonly results: readonly ContractResult[]; readonly findings: readonly ContractFinding[] } {
  const judged = contract.rules.map((rule) => judge(rule, situation));
  return { results: judged.map(({ result }) => result), findings: judged.flatMap(({ findings }) => findings) };
}

function judge(rule: ContractRule, situation: Situation) {
  const { context } = situation;
  const before = new Set(violations(rule, situation, 'before').map(({ key }) => key));
  const after = unique(violations(rule, situation, 'after'));
  const findings = after.map(({ key, resource, path, possible }): ContractFinding => {
    const existed = before.has(key);
    const verb = possible ? 'may break' : 'breaks';
    return {
      ...finding(context, {
        rule: 'contract-broken',
        resource,
        subject: `${rule.name}\n${key}`,
        severity: existed ? 'medium' : 'high',
        kinds: ['contract'],
        says: say`${path} ${verb} "${name(rule.name)}"${existed ? ', as it did before' : ''}`,
      }),
      contractRule: rule.name,
      path: path.map(({ text }) => text).join(''),
      existedBefore: existed,
      possible,
    };
  });
  const idle = !isAboutSomething(rule, situation);
  const status = after.some(({ possible }) => !possible)
    ? ('broken' as const)
    : after.length > 0
      ? ('possibly broken' as const)
      : idle
        ? ('matches nothing' as const)
        : situation.unjudged > 0
          ? ('not proven' as const)
          : ('holds' as const);
  return { findings, result: { name: rule.name, kind: rule.kind, status, violations: after.length } };
}

function unique(found: readonly Violation[]): readonly Violation[] {
  const byKey = new Map(found.map((violation) => [violation.key, violation]));
  return [...byKey.values()].sort((one, other) => compare(one.key, other.key));
}

function violations(rule: ContractRule, situation: Situation, side: SideName): readonly Violation[] {
  switch (rule.kind) {
    case 'only':
      return pairsOn(situation, side)
        .filter(({ product }) => mayBe(rule.products, namesOf(product), product))
        .filter(({ client }) => isUnknown(client) || !matchesAny(rule.clients, namesOf(client)))
        .map((pair) => pairViolation(pair));
    case 'never':
      return pairsOn(situation, side)
        .filter(({ product }) => mayBe(rule.products, namesOf(product), product))
        .filter(({ client }) => mayBe(rule.clients, namesOf(client), client))
        .map((pair) => pairViolation(pair));
    case 'never-both':
      return bothViolations(rule, pairsOn(situation, side));
    case 'credentials':
      return credentialViolations(rule, situation, side);
    case 'no-open-products':
      return openViolations(situation, side);
    case 'no-new-privilege':
      return side === 'before' ? [] : privilegeViolations(situation);
  }
}

/** Pairs that are there on a side; what Terraform forgets stays. */
function pairsOn({ access }: Situation, side: SideName): readonly AccessPair[] {
  return access.pairs.filter((pair) => pair[side]);
}

/** What is unknown until apply may be anything. */
function mayBe(
  globs: readonly string[],
  names: readonly (string | undefined)[],
  thing: { readonly key: string },
): boolean {
  return isUnknown(thing) || matchesAny(globs, names);
}

function isUnknown({ key }: { readonly key: string }): boolean {
  return key.startsWith('unknown ');
}

function namesOf(thing: ClientName | ProductName): readonly (string | undefined)[] {
  return [
    thing.name,
    'productId' in thing ? thing.productId : undefined,
    'clientId' in thing ? thing.clientId : undefined,
  ];
}

function pairViolation(pair: AccessPair): Violation {
  const { client, product, means, resource } = pair;
  return {
    key: `${client.key}\n${product.key}`,
    resource,
    path: say`${name(client.name)} → ${means.join(', ')} → ${name(product.name)}`,
    possible: isUnknown(client) || isUnknown(product),
  };
}

/** A client that reaches a product of one pattern and another product of another pattern. */
function bothViolations(
  rule: Extract<ContractRule, { kind: 'never-both' }>,
  pairs: readonly AccessPair[],
): readonly Violation[] {
  return [...byClientKey(pairs).values()].flatMap((own): Violation[] => {
    const [first] = own;
    if (first === undefined || !mayBe(rule.clients, namesOf(first.client), first.client)) {
      return [];
    }
    const matched = rule.products.map((glob) => own.find(({ product }) => mayBe([glob], namesOf(product), product)));
    const found = matched.filter((pair): pair is AccessPair => pair !== undefined);
    const products = [...new Set(found)];
    if (found.length < rule.products.length || products.length < 2) {
      return [];
    }
    const names = products.map(({ product }) => product.name).join(' and ');
    return [
      {
        key: [first.client.key, ...products.map(({ product }) => product.key)].join('\n'),
        resource: products.at(-1)?.resource ?? first.resource,
        path: say`${name(first.client.name)} → ${name(names)}`,
        possible: isUnknown(first.client) || products.some(({ product }) => isUnknown(product)),
      },
    ];
  });
}

function byClientKey(pairs: readonly AccessPair[]): ReadonlyMap<string, readonly AccessPair[]> {
  const groups = new Map<string, AccessPair[]>();
  for (const pair of pairs) {
    const own = groups.get(pair.client.key);
    if (own === undefined) {
      groups.set(pair.client.key, [pair]);
    } else {
      own.push(pair);
    }
  }
  return groups;
}

const WORD_OF: Readonly<Record<CredentialKind, CredentialWord>> = {
  'federated identity': 'federated',
  certificate: 'certificate',
  'key vault certificate': 'certificate',
  password: 'password',
  'key vault secret': 'client-secret',
  'client secret': 'client-secret',
  'subscription key': 'subscription-key',
};

function credentialViolations(
  rule: Extract<ContractRule, { kind: 'credentials' }>,
  { credentials }: Situation,
  side: SideName,
): readonly Violation[] {
  return credentials
    .filter(({ resource }) => resource[side] !== undefined || (side === 'after' && resource.action === 'forget'))
    .filter(({ kind }) => !rule.allowed.includes(WORD_OF[kind]))
    .filter(({ owner }) => owner === undefined || mayBe(rule.clients, namesOf(owner), owner))
    .map(({ resource, kind, owner, subject = '' }) => ({
      key: `${resource.stack}\n${resource.address}\n${subject}`,
      resource,
      path: say`${owner === undefined ? 'a client that is unknown until apply' : name(owner.name)} → ${WORD_OF[kind]}`,
      possible: owner === undefined || isUnknown(owner),
    }));
}

function openViolations({ context }: Situation, side: SideName): readonly Violation[] {
  return context.products.keys.flatMap((key): Violation[] => {
    const state = context.products.state(key, side);
    const resource = context.products.resourceOf(key) ?? context.products.policyResource(key);
    if (state === undefined || resource === undefined) {
      return [];
    }
    const open = state.ways?.includes('anyone');
    return open === false
      ? []
      : [
          {
            key,
            resource,
            path: say`anyone → ${name(context.names.product(key).name)}`,
            possible: open === undefined,
          },
        ];
  });
}

function privilegeViolations({ context, privilege }: Situation): readonly Violation[] {
  const resources = new Map(
    context.world.resources.map((resource) => [`${resource.stack}\n${resource.address}`, resource]),
  );
  return privilege
    .filter(({ change }) => change === 'granted')
    .flatMap(({ id, stack, address, principal, privilege: what }): Violation[] => {
      const resource = resources.get(`${stack}\n${address}`);
      return resource === undefined
        ? []
        : [{ key: id, resource, path: say`${name(principal)} → ${name(what)}`, possible: false }];
    });
}

/** Whether a rule matches anything in the plans; a typing mistake in a pattern would otherwise look like safety. */
function isAboutSomething(rule: ContractRule, { context, access, credentials }: Situation): boolean {
  const clients = [...access.clients, ...access.pairs.map(({ client }) => client)];
  const products = [
    ...context.products.keys.map((key) => context.names.product(key)),
    ...access.pairs.map(({ product }) => product),
  ];
  const someClient = (globs: readonly string[]): boolean => clients.some((each) => matchesAny(globs, namesOf(each)));
  const someProduct = (globs: readonly string[]): boolean => products.some((each) => matchesAny(globs, namesOf(each)));
  switch (rule.kind) {
    case 'only':
      return someProduct(rule.products);
    case 'never':
      return someClient(rule.clients) && someProduct(rule.products);
    case 'never-both':
      return someClient(rule.clients) && rule.products.every((glob) => someProduct([glob]));
    case 'credentials':
      return (
        someClient(rule.clients) ||
        credentials.some(({ owner }) => owner !== undefined && matchesAny(rule.clients, namesOf(owner)))
      );
    case 'no-open-products':
    case 'no-new-privilege':
      return true;
  }
}
