import type { SideName } from '../../entities/aliases';
import { name, say } from '../../message';
import type { CredentialFinding, MessagePart } from '../../model';
import { isUnknown, text, texts } from '../../plan/attributes';
import type { Resource } from '../../plan/resource';
import { compare, type Context } from '../context';
import { credentialFinding, ownerOf, type Credential } from './credential';
import { federationPaths } from './federation-paths';
import { describe, trusted } from './wording';

/** That somebody outside may act as the owner of a federated credential. */
interface Trust {
  readonly owner: string;
  /** Everything by which a token is accepted, for comparison. */
  readonly whom: string;
}

const UNKNOWN = 'unknown until apply';

function trustOf(context: Context, resource: Resource, side: SideName): Trust | undefined {
  const own = resource[side];
  if (own === undefined) {
    return undefined;
  }
  const paths = federationPaths(resource);
  const plain = (path: readonly string[]): string =>
    isUnknown(own, ...path) ? `${UNKNOWN} ${resource.stack} ${resource.address}` : (text(own, ...path) ?? '');
  const audiences = isUnknown(own, ...paths.audiences)
    ? [`${UNKNOWN} ${resource.stack} ${resource.address}`]
    : (texts(own, ...paths.audiences) ?? [text(own, ...paths.audiences) ?? '']);
  return {
    owner: ownerOf(context, resource, side)?.key ?? `owner of ${resource.stack} ${resource.address}`,
    whom: JSON.stringify([
      plain(paths.issuer),
      plain(paths.subject),
      plain(paths.expression),
      [...audiences].sort(compare),
    ]),
  };
}

function keyOf({ owner, whom }: Trust): string {
  return `${owner}\n${whom}`;
}

const known = new WeakMap<readonly Credential[], Readonly<Record<SideName, ReadonlySet<string>>>>();

/** Every trust on either side. */
function trusts(context: Context, all: readonly Credential[]): Readonly<Record<SideName, ReadonlySet<string>>> {
  const on = (side: SideName): ReadonlySet<string> =>
    new Set(
      all
        .filter(({ kind }) => kind === 'federated identity')
        .map(({ resource }) => trustOf(context, resource, side))
        .filter((trust) => trust !== undefined)
        .map(keyOf),
    );
  const found = known.get(all) ?? { before: on('before'), after: on('after') };
  known.set(all, found);
  return found;
}

/**
 * A federated credential by whom it trusts: a new subject is a way in even where others stay, and a former one
 * that no other credential of the owner trusts is refused. Undefined where it is made, removed or kept like
 * any other credential.
 */
export function federation(
  context: Context,
  credential: Credential,
  all: readonly Credential[],
): CredentialFinding[] | undefined {
  const { resource } = credential;
  const former = trustOf(context, resource, 'before');
  const next = trustOf(context, resource, 'after');
  const gains = next !== undefined && !trusts(context, all).before.has(keyOf(next));
  const loses = former !== undefined && !resource.leavesFormer && !trusts(context, all).after.has(keyOf(former));
  switch (resource.action) {
    case 'create':
      return gains ? undefined : same(context, credential, 'is made: another one already trusts the same');
    case 'delete':
      return loses ? undefined : same(context, credential, 'is removed: another one still trusts the same');
    case 'update':
    case 'replace':
      if (former === undefined || next === undefined) {
        return undefined;
      }
      if (keyOf(former) !== keyOf(next)) {
        return differs(context, credential, gains, loses, former.owner !== next.owner);
      }
      return resource.action === 'update' ? [] : remade(context, credential);
    default:
      return undefined;
  }
}

function same(context: Context, credential: Credential, how: string): CredentialFinding[] {
  const { owner } = credential;
  const whose = owner === undefined ? [] : say` of ${name(owner.name)}`;
  const says = say`${describe(credential)}${whose} ${how}`;
  return [credentialFinding(context, credential, 'credential-rotated', 'rotated', [], says, 'low')];
}

function remade(context: Context, credential: Credential): CredentialFinding[] {
  const { owner, resource } = credential;
  const whose = owner === undefined ? [] : say` of ${name(owner.name)}`;
  const says = say`${describe(credential)}${whose} is replaced by one that trusts the same: ${resource.createsFirst ? 'nothing is interrupted for those who use it' : 'calls with it are refused in between'}`;
  return [
    credentialFinding(
      context,
      credential,
      'credential-rotated',
      'rotated',
      resource.createsFirst ? [] : ['breaking'],
      says,
      'low',
    ),
  ];
}

function differs(
  context: Context,
  credential: Credential,
  gains: boolean,
  loses: boolean,
  moved: boolean,
): CredentialFinding[] {
  const { resource, owner } = credential;
  const former = ownerOf(context, resource, 'before');
  const what = describe(credential);
  const whose = (found: Credential['owner']): readonly MessagePart[] =>
    found === undefined ? [] : say` of ${name(found.name)}`;
  const kinds = [...(gains ? (['broadening'] as const) : []), ...(loses ? (['breaking'] as const) : [])];
  const was = trusted(resource, 'before');
  const says = moved
    ? say`${what}${whose(owner)} belonged to${former === undefined ? ' somebody else' : say` ${name(former.name)}`}: those it trusts can act as the new owner and no longer as the former`
    : gains && loses
      ? say`${what}${whose(owner)} is changed: somebody else can act as it, and those who could before no longer can${was.length === 0 ? '' : say`; it was${was}`}`
      : gains
        ? say`${what}${whose(owner)} is changed: somebody else can act as it`
        : loses
          ? say`${what}${whose(owner)} is changed: those who could act as it before no longer can${was.length === 0 ? '' : say`; it was${was}`}`
          : say`${what}${whose(owner)} is changed: other credentials trust both, before and after`;
  return [
    credentialFinding(
      context,
      credential,
      'credential-changed',
      'changed',
      kinds,
      says,
      kinds.length > 0 ? 'high' : 'low',
    ),
  ];
}
