import type { AccessAnalysis } from '../analysis/access';
import type { Context } from '../analysis/context';
import { ownerOf, type Credential } from '../analysis/credentials/credential';
import { federationPaths } from '../analysis/credentials/federation-paths';
import { ANY_APPLICATION, ANY_GROUP } from '../analysis/privilege/everything';
import { objectNamed, type PrivilegeFact } from '../analysis/privilege/fact';
import { resourceAlias, SIDES, type SideName } from '../entities/aliases';
import type { Means } from '../model';
import { printable } from '../plan/attributes';
import type { Kind } from '../plan/kinds';
import type { Edge, WayGraph } from './edge';

export interface Sources {
  readonly access: AccessAnalysis;
  readonly privileges: readonly PrivilegeFact[];
  readonly credentials: readonly Credential[];
}

/** The graph of who can act as whom and change what, put together from all that the plans show. */
export function wayGraph(context: Context, { access, privileges, credentials }: Sources): WayGraph {
  const names = new Map<string, string>();
  const edges: Edge[] = [];
  const arrivals = grants(access);
  edges.push(...arrivals);
  for (const fact of privileges) {
    if (fact.bearing !== 'none') {
      edges.push(...privilegeEdges(fact));
    }
    if (fact.principalName !== undefined) {
      names.set(fact.principal, fact.principalName);
    }
  }
  edges.push(...credentials.flatMap((credential) => credentialEdges(context, credential, names)));
  edges.push(...products(context, access));
  edges.push(...everyEdges(context, edges));
  // what Terraform leaves where it is leads on as before
  edges.push(
    ...edges
      .filter(({ side, resource }) => side === 'before' && resource.leavesFormer)
      .map((edge) => ({ ...edge, side: 'after' as const })),
  );
  for (const { resource } of edges) {
    names.set(anyOf(ANY_APPLICATION, resource.stack), ANY_APPLICATION);
    names.set(anyOf(ANY_GROUP, resource.stack), ANY_GROUP);
  }
  return { edges, names };
}

/** A role over all applications is followed to those of its own stack: whether stacks share a tenant is not known. */
function anyOf(what: string, stack: string): string {
  return `${what} of ${stack}`;
}

function grants(access: AccessAnalysis): Edge[] {
  const pairs = (reach: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> =>
    new Set([...reach].flatMap(([product, clients]) => clients.map((client) => `${client}\n${product}`)));
  const reached: Readonly<Record<SideName, ReadonlySet<string>>> = {
    before: pairs(access.clientsBefore),
    after: pairs(access.clientsAfter),
  };
  return access.facts
    .filter(({ side, product, client }) => reached[side].has(`${client}\n${product}`))
    .map(({ client, product, side, resource, means }) => ({
      from: client,
      to: product,
      label: LABELS[means],
      side,
      resource,
      actor: false,
      arrives: true,
    }));
}

const LABELS: Readonly<Record<Means, string>> = {
  'app role assignment': 'AZAppRoleAssignment',
  'product link': 'APIMProductLink',
  'subscription key': 'APIMKey',
};

function privilegeEdges({ principal, steps = [], side, resource }: PrivilegeFact): Edge[] {
  return steps.map(({ edge, target }) => ({
    from: principal,
    to: target === ANY_APPLICATION || target === ANY_GROUP ? anyOf(target, resource.stack) : target,
    label: edge,
    side,
    resource,
    actor: true,
    arrives: false,
  }));
}

function credentialEdges(context: Context, credential: Credential, names: Map<string, string>): Edge[] {
  const { resource, kind } = credential;
  return SIDES.filter((side) => resource[side] !== undefined).flatMap((side): Edge[] => {
    const step = { side, resource, arrives: false };
    switch (kind) {
      case 'federated identity': {
        const owner = ownerOf(context, resource, side);
        const paths = federationPaths(resource);
        const issuer = printable(resource[side], ...paths.issuer);
        const subject = printable(resource[side], ...paths.subject) ?? printable(resource[side], ...paths.expression);
        const from = `federated ${issuer ?? ''} ${subject ?? `${resource.stack} ${resource.address}`}`;
        names.set(from, subject ?? 'a subject that is unknown until apply');
        return owner === undefined ? [] : [{ ...step, from, to: owner.key, label: 'AZAuthenticatesTo', actor: true }];
      }
      case 'password':
        return inState(ownerOf(context, resource, side)?.key);
      case 'subscription key':
        return inState(`subscription ${resource.stack} ${resource.address}`);
      case 'key vault secret':
      case 'key vault certificate': {
        const vault = objectNamed(context, resource, side, ['key_vault_id'], resourceAlias, ['key vault']);
        return credential.owner === undefined
          ? []
          : [{ ...step, from: vault, to: credential.owner.key, label: 'APIMSecretOf', actor: false }];
      }
      default:
        return [];
    }

    function inState(owner: string | undefined): Edge[] {
      const from = `state ${resource.stack}`;
      names.set(from, `anyone who reads the state of ${resource.stack}`);
      return owner === undefined ? [] : [{ ...step, from, to: owner, label: 'TFReadState', actor: true }];
    }
  });
}

/** What reaches a product by itself: its registration, which gives roles, and its instance, which serves it. */
function products(context: Context, access: AccessAnalysis): Edge[] {
  const { world } = context;
  const keys = new Set([...context.products.keys, ...access.clientsBefore.keys(), ...access.clientsAfter.keys()]);
  return [...keys].sort().flatMap((product) =>
    SIDES.flatMap((side): Edge[] => {
      const resource = world
        .resourcesOf(product)
        .find((found) => found[side] !== undefined && found.mode === 'managed');
      const registrations = world.registrationsOf(product).filter((key) => key !== product);
      const instance = resource === undefined ? undefined : world.instanceOf(resource, side);
      const arrive = (from: string, label: string, found = resource): Edge[] =>
        found === undefined ? [] : [{ from, to: product, label, side, resource: found, actor: false, arrives: true }];
      return [
        ...registrations.flatMap((key) =>
          arrive(
            key,
            'AZMGGrantAppRoles',
            world.resourcesOf(key).find((found) => found[side] !== undefined && found.mode === 'managed'),
          ),
        ),
        ...(instance === undefined ? [] : arrive(instance, 'APIMServes')),
      ];
    }),
  );
}

/** Every application and every group of a stack, for anyone who may change all of them. */
function everyEdges(context: Context, edges: readonly Edge[]): Edge[] {
  const { world } = context;
  const stacks = new Map<string, Set<SideName>>();
  for (const { to, side, resource } of edges) {
    for (const what of [ANY_APPLICATION, ANY_GROUP]) {
      if (to === anyOf(what, resource.stack)) {
        stacks.set(to, (stacks.get(to) ?? new Set()).add(side));
      }
    }
  }
  const every = (what: string, kinds: readonly Kind[], label: string): Edge[] =>
    world.all(...kinds).flatMap((resource) =>
      SIDES.filter(
        (side) => resource[side] !== undefined && stacks.get(anyOf(what, resource.stack))?.has(side) === true,
      ).map((side) => ({
        from: anyOf(what, resource.stack),
        to: world.keyOf(resource),
        label,
        side,
        resource,
        actor: false,
        arrives: false,
      })),
    );
  return [
    ...every(ANY_APPLICATION, ['application', 'service principal', 'client application'], 'AZAddSecret'),
    ...every(ANY_GROUP, ['group'], 'AZAddMembers'),
  ];
}
