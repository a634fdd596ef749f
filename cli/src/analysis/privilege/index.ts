import { SIDES } from '../../entities/aliases';
import { name, say } from '../../message';
import type { MessagePart, PrivilegeFinding, Severity } from '../../model';
import { flag } from '../../plan/attributes';
import type { Kind } from '../../plan/kinds';
import type { RuleId } from '../../rules';
import { byImportance, finding, type Context } from '../context';
import { changeOf, groupFacts, markFacts, placeOf, type FactChange, type FactGroup } from '../facts';
import { azureRoles } from './azure-roles';
import { directoryRoles } from './directory-roles';
import type { PrivilegeFact } from './fact';
import { memberships } from './groups';
import { attachedIdentities } from './identities';
import { owners } from './owners';
import { permissions } from './permissions';
import { isKnownSetting, portalAccess } from './portal';
import { signIns } from './sign-in';
import { vaultAccess } from './vaults';

const SOURCES = [
  directoryRoles,
  permissions,
  owners,
  memberships,
  azureRoles,
  vaultAccess,
  attachedIdentities,
  signIns,
  portalAccess,
];

/** Roles, permissions, ownership and other privileges that are granted or withdrawn, and to whom. */
export function analyzePrivilege(context: Context, found: readonly PrivilegeFact[]): readonly PrivilegeFinding[] {
  markJudged(context, found);
  const groups = groupFacts(
    found.filter(({ quiet }) => quiet !== true),
    ({ kind, principal, id }) => [kind, principal, id].join('\n'),
  );
  return [...groups.values()]
    .flatMap((group) => {
      const change = changeOf(group);
      return change === 'unchanged' || (isHarmless(group) && change !== 'gained' && change !== 'lost')
        ? []
        : [privilegeFinding(context, group, change)];
    })
    .sort(byImportance);
}

/** Kinds of which all that matters is read: what leads to no fact gives nothing. */
const READ: readonly Kind[] = [
  'directory role assignment',
  'custom directory role',
  'application owner',
  'delegated grant',
  'group member',
  'api access',
  'azure role assignment',
  'azure role definition',
  'key vault',
  'key vault access policy',
  'instance',
  'instance user',
  'instance group user',
  'tenant access',
  'identity provider',
];

function markJudged(context: Context, found: readonly PrivilegeFact[]): void {
  const { judged, world } = context;
  [...world.managed(...READ), ...world.managed('portal setting').filter(isKnownSetting)].forEach((resource) =>
    judged.mark(resource, 'privilege'),
  );
  world
    .managed('service principal', 'user')
    .filter(({ before, after }) => before !== undefined || flag(after, 'use_existing') !== true)
    .forEach((resource) => judged.mark(resource, 'enabled'));
  world.managed('group').forEach((resource) => judged.mark(resource, 'members'));
  world
    .managed('application', 'service principal', 'group', 'client application')
    .filter(({ before, after }) => before !== undefined && after !== undefined)
    .forEach((resource) => judged.mark(resource, 'owners'));
  markFacts(
    context,
    found.filter(({ kind }) => kind === 'application permission'),
    'grant',
  );
}

function isHarmless({ before, after }: FactGroup<PrivilegeFact>): boolean {
  return [...after, ...before].every(({ bearing }) => bearing === 'none');
}

/** Every privilege that the plans show, before and after. */
export function privilegesOf(context: Context): readonly PrivilegeFact[] {
  return SIDES.flatMap((side) => SOURCES.flatMap((source) => source(context, side)));
}

const RULE_OF: Readonly<Record<Exclude<FactChange, 'unchanged'>, RuleId>> = {
  gained: 'privilege-granted',
  lost: 'privilege-withdrawn',
  interrupted: 'privilege-interrupted',
  kept: 'privilege-kept',
  imported: 'privilege-imported',
};

const CHANGE_OF: Readonly<Record<Exclude<FactChange, 'unchanged'>, PrivilegeFinding['change']>> = {
  gained: 'granted',
  lost: 'withdrawn',
  interrupted: 'interrupted',
  kept: 'kept',
  imported: 'imported',
};

function privilegeFinding(
  context: Context,
  group: FactGroup<PrivilegeFact>,
  change: Exclude<FactChange, 'unchanged'>,
): PrivilegeFinding {
  const [fact] = [...group.after, ...group.before];
  if (fact === undefined) {
    throw new Error('a group of facts is never empty');
  }
  const who = principalName(context, fact);
  const bears = fact.bearing !== 'none';
  const severity: Severity | undefined = !bears
    ? 'info'
    : change === 'gained' && fact.tenantWide
      ? 'critical'
      : undefined;
  return {
    ...finding(context, {
      rule: RULE_OF[change],
      resource: placeOf(group),
      subject: [fact.kind, fact.privilege, who, fact.id].join('\n'),
      ...(severity === undefined ? {} : { severity }),
      kinds: !bears
        ? []
        : change === 'gained'
          ? ['broadening', 'privilege']
          : change === 'lost' || change === 'interrupted'
            ? ['breaking', 'privilege']
            : [],
      says: sentence(who, fact, change),
    }),
    change: CHANGE_OF[change],
    privilegeKind: fact.kind,
    privilege: name(fact.privilege).text,
    allows: fact.allows,
    principal: who,
  };
}

function principalName(context: Context, { principal, principalName: given }: PrivilegeFact): string {
  return given === undefined ? context.names.name(principal) : name(given).text;
}

interface Wording {
  readonly gained: string;
  readonly lost: string;
}

/** How a privilege is said to be had, where it is not `is granted ...`. */
const WORDING: Partial<Readonly<Record<PrivilegeFact['kind'], Wording>>> = {
  ownership: { gained: 'becomes', lost: 'is no longer' },
  'group membership': { gained: 'becomes', lost: 'is no longer' },
  'developer portal': { gained: 'gets', lost: 'loses' },
  'management access': { gained: 'gets', lost: 'loses' },
  identity: { gained: 'runs as', lost: 'no longer runs as' },
  'requested permission': { gained: 'asks for', lost: 'no longer asks for' },
};

const BARE: readonly PrivilegeFact['kind'][] = [
  'ownership',
  'group membership',
  'developer portal',
  'management access',
  'identity',
  'requested permission',
  'vault access',
];

function sentence(
  principal: string,
  fact: PrivilegeFact,
  change: Exclude<FactChange, 'unchanged'>,
): readonly MessagePart[] {
  const who = name(principal);
  if (fact.kind === 'sign-in') {
    return signInSentence(who, change);
  }
  const what = BARE.includes(fact.kind) ? say`${name(fact.privilege)}` : say`${fact.kind} ${name(fact.privilege)}`;
  const { gained, lost } = WORDING[fact.kind] ?? { gained: 'is granted', lost: 'loses' };
  switch (change) {
    case 'gained':
      return say`${who} ${gained} ${what}: it may ${fact.allows}`;
    case 'lost':
      return WORDING[fact.kind] === undefined
        ? say`${who} loses ${what}: it may no longer ${fact.allows}`
        : say`${who} ${lost} ${what}`;
    case 'interrupted':
      return say`${who} loses ${what} and gets it again: what depends on it fails in between`;
    case 'kept':
      return say`${who} keeps ${what}: Terraform forgets it and it stays`;
    case 'imported':
      return say`${who} has ${what} already: Terraform imports it`;
  }
}

function signInSentence(who: MessagePart, change: Exclude<FactChange, 'unchanged'>): readonly MessagePart[] {
  switch (change) {
    case 'gained':
      return say`${who} is enabled: it gets tokens for whatever it is granted`;
    case 'lost':
      return say`${who} is disabled: it gets no tokens any more`;
    default:
      return say`${who} can sign in before and after`;
  }
}
