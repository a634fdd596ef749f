import { listed, name, say } from '../message';
import type { MessagePart } from '../model';
import { isExpression } from './csharp';
import type { Difference, Printer } from './difference';
import type { CheckFamily } from './flow';
import { canonical, type PolicyNode } from './reader';

/** Stands in a policy for a value that is unknown until apply. */
export const UNKNOWN_TEXT = 'unknown-until-apply';

/** What two checks of a family do differently, seen from the first one. */
export function differences(
  family: CheckFamily,
  before: PolicyNode,
  after: PolicyNode,
  printer: Printer,
): readonly Difference[] {
  const found = FAMILIES[family](before, after, printer);
  const rest = others(family, before, after);
  return [...found, ...rest];
}

type Compare = (before: PolicyNode, after: PolicyNode, printer: Printer) => readonly Difference[];

const FAMILIES: Readonly<Record<CheckFamily, Compare>> = {
  token: compareTokens,
  certificate: compareCertificates,
  addresses: compareAddresses,
  header: compareHeaders,
  content: () => [],
};

/** What a refused caller is told, and where a validated token is put: who is refused stays the same. */
const HARMLESS: ReadonlySet<string> = new Set([
  'failed-validation-httpcode',
  'failed-validation-error-message',
  'failed-check-httpcode',
  'failed-check-error-message',
  'output-token-variable-name',
  'errors-variable-name',
]);

const UNDERSTOOD: Readonly<
  Record<CheckFamily, { readonly attributes: readonly string[]; readonly children: readonly string[] }>
> = {
  token: {
    attributes: [
      'tenant-id',
      'header-name',
      'query-parameter-name',
      'token-value',
      'require-scheme',
      'require-expiration-time',
      'require-signed-tokens',
      'clock-skew',
    ],
    children: [
      'openid-config',
      'issuer-signing-keys',
      'decryption-keys',
      'audiences',
      'issuers',
      'client-application-ids',
      'backend-application-ids',
      'required-claims',
    ],
  },
  certificate: {
    attributes: ['validate-revocation', 'validate-trust', 'validate-not-before', 'validate-not-after', 'ignore-error'],
    children: ['identities'],
  },
  addresses: { attributes: ['action'], children: ['address', 'address-range'] },
  header: { attributes: ['name', 'ignore-case'], children: ['value'] },
  content: { attributes: [], children: [] },
};

/** What differs and is not understood weakens until shown otherwise. */
function others(family: CheckFamily, before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const { attributes, children } = UNDERSTOOD[family];
  const rest = (node: PolicyNode): string =>
    canonical({
      ...node,
      attributes: new Map([...node.attributes].filter(([key]) => !attributes.includes(key) && !HARMLESS.has(key))),
      children: node.children.filter((child) => !children.includes(child.name)),
    });
  return before.name !== after.name || rest(before) === rest(after)
    ? []
    : [
        {
          effect: 'unknown',
          about: about(family),
          subject: `${before.name} settings`,
          says: say`changes ${what(family)} in a way that cannot be compared`,
        },
      ];
}

function about(family: CheckFamily): 'validation' | 'check' {
  return family === 'token' ? 'validation' : 'check';
}

/** What a check is, for a sentence. */
export function what(family: CheckFamily): string {
  return {
    token: 'the validation of tokens',
    certificate: 'the validation of client certificates',
    addresses: 'the filter of addresses',
    header: 'the check of a header',
    content: 'the validation of messages',
  }[family];
}

/** Lets in more, or less, by one property of a check. */
type Say = (
  effect: Difference['effect'],
  subject: string,
  says: readonly MessagePart[],
  more?: Partial<Difference>,
) => Difference;

const sayOf =
  (family: CheckFamily): Say =>
  (effect, subject, says, more = {}) => ({ effect, about: about(family), subject, says, ...more });

function compareTokens(before: PolicyNode, after: PolicyNode, printer: Printer): readonly Difference[] {
  const token = sayOf('token');
  if (before.name !== after.name) {
    return [
      token('unknown', 'kind', say`validates tokens in another way, which cannot be compared with the former one`),
    ];
  }
  return [
    ...compareFlag(before, after, 'require-signed-tokens', true, token, 'tokens without a signature'),
    ...compareFlag(before, after, 'require-expiration-time', true, token, 'tokens that never expire'),
    ...compareSkew(before, after, token),
    ...comparePlace(before, after, token),
    ...compareScheme(before, after, token),
    ...compareTenant(before, after, token),
    ...compareKeys(before, after, token),
    ...compareAccepted(before, after, 'audiences', 'audience', token, (value, added) => ({
      says: added
        ? say`accepts tokens for one more audience${printedAudience(value, printer)}`
        : say`no longer accepts tokens for an audience${printedAudience(value, printer)}`,
      more: { about: 'audience' },
    })),
    ...compareAccepted(before, after, 'issuers', 'issuer', token, (_, added) => ({
      says: added ? say`accepts tokens of one more issuer` : say`no longer accepts tokens of an issuer`,
    })),
    ...compareCounted(before, after, 'client-application-ids', token),
    ...compareCounted(before, after, 'backend-application-ids', token),
    ...compareClaims(before, after, printer, token),
  ];
}

function printedAudience(value: string, printer: Printer): readonly MessagePart[] {
  const printed = printer.audience(value);
  return printed === undefined ? [] : say`: ${name(printed)}`;
}

/** A switch that is on unless it is said to be off; what is computed may be either. */
function compareFlag(
  before: PolicyNode,
  after: PolicyNode,
  attribute: string,
  strictWhen: boolean,
  tell: Say,
  lets: string,
): readonly Difference[] {
  const [former, latter] = [flagOf(before, attribute, strictWhen), flagOf(after, attribute, strictWhen)];
  if (former === latter) {
    return [];
  }
  if (latter === strictWhen) {
    return [tell('tighter', attribute, say`no longer accepts ${lets}`)];
  }
  return former === strictWhen && typeof latter === 'boolean'
    ? [tell('looser', attribute, say`accepts ${lets}`)]
    : [tell('unknown', attribute, say`may accept ${lets}: that is computed`)];
}

function flagOf(node: PolicyNode, attribute: string, preset: boolean): boolean | string {
  const value = node.attributes.get(attribute)?.trim();
  return value === undefined ? preset : /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : value;
}

function compareSkew(before: PolicyNode, after: PolicyNode, tell: Say): readonly Difference[] {
  const [former, latter] = [before, after].map((node) => node.attributes.get('clock-skew') ?? '0');
  if (former === latter) {
    return [];
  }
  const [from, to] = [former, latter].map((value) => (/^\d{1,9}$/.test(value ?? '') ? Number(value) : undefined));
  if (from === undefined || to === undefined) {
    return [tell('unknown', 'clock-skew', say`accepts tokens for another time after they expire`)];
  }
  return from === to
    ? []
    : to > from
      ? [tell('looser', 'clock-skew', say`accepts tokens for longer after they expire: ${to} s instead of ${from} s`)]
      : [
          tell(
            'tighter',
            'clock-skew',
            say`accepts tokens for less long after they expire: ${to} s instead of ${from} s`,
          ),
        ];
}

function comparePlace(before: PolicyNode, after: PolicyNode, tell: Say): readonly Difference[] {
  const [former, latter] = [before, after].map((node) => {
    const places = ['header-name', 'query-parameter-name', 'token-value'].map((attribute) =>
      node.attributes.get(attribute),
    );
    return JSON.stringify(
      places.every((place) => place === undefined)
        ? ['authorization']
        : [places[0]?.toLowerCase() ?? null, places[1] ?? null, places[2] ?? null].filter((place) => place !== null),
    );
  });
  return former === latter
    ? []
    : [
        tell(
          'both',
          'place',
          say`looks for the token in another place: what stands where it was before is no longer validated`,
        ),
      ];
}

function compareScheme(before: PolicyNode, after: PolicyNode, tell: Say): readonly Difference[] {
  const [former, latter] = [before, after].map((node) => node.attributes.get('require-scheme')?.toLowerCase());
  if (former === latter) {
    return [];
  }
  return latter === undefined
    ? [tell('looser', 'scheme', say`no longer demands a scheme before the token`)]
    : former === undefined
      ? [tell('tighter', 'scheme', say`demands a scheme before the token`)]
      : [tell('both', 'scheme', say`demands another scheme before the token`)];
}

function compareTenant(before: PolicyNode, after: PolicyNode, tell: Say): readonly Difference[] {
  const [former, latter] = [before, after].map((node) => node.attributes.get('tenant-id')?.toLowerCase());
  if (former === latter) {
    return [];
  }
  return latter === undefined || /^(?:common|organizations)$/.test(latter)
    ? [tell('looser', 'tenant', say`accepts tokens of every tenant`)]
    : [tell('both', 'tenant', say`accepts tokens of another tenant`)];
}

/** Where the keys come from by which signatures are trusted. */
function compareKeys(before: PolicyNode, after: PolicyNode, tell: Say): readonly Difference[] {
  const keysOf = (node: PolicyNode, group: string): readonly string[] =>
    node.children.filter(({ name: own }) => own === group).flatMap(({ children }) => children.map(canonical));
  const configurations = (node: PolicyNode): readonly string[] =>
    node.children
      .filter(({ name: own }) => own === 'openid-config')
      .map((config) =>
        config.attributes.size === 1 && config.children.length === 0
          ? (config.attributes.get('url') ?? '').replace(/\/$/, '')
          : canonical(config),
      );
  const compare = (
    subject: string,
    former: readonly string[],
    latter: readonly string[],
    more: string,
    less: string,
  ): Difference[] => [
    ...(latter.some((key) => !former.includes(key)) ? [tell('looser', `${subject} added`, say`${more}`)] : []),
    ...(former.some((key) => !latter.includes(key)) ? [tell('tighter', `${subject} removed`, say`${less}`)] : []),
  ];
  return [
    ...compare(
      'openid-config',
      configurations(before),
      configurations(after),
      'trusts the signing keys of one more OpenID configuration',
      'no longer trusts the signing keys of an OpenID configuration',
    ),
    ...compare(
      'signing key',
      keysOf(before, 'issuer-signing-keys'),
      keysOf(after, 'issuer-signing-keys'),
      'trusts one more signing key',
      'no longer trusts a signing key',
    ),
    ...compare(
      'decryption key',
      keysOf(before, 'decryption-keys'),
      keysOf(after, 'decryption-keys'),
      'decrypts tokens with one more key',
      'no longer decrypts tokens with a key',
    ),
  ];
}

interface Told {
  readonly says: readonly MessagePart[];
  readonly more?: Partial<Difference>;
}

/** A list of which any one is enough; without it, everything is. */
function compareAccepted(
  before: PolicyNode,
  after: PolicyNode,
  group: string,
  item: string,
  tell: Say,
  wording: (value: string, added: boolean) => Told,
): readonly Difference[] {
  const [former, latter] = [textsIn(before, group, item), textsIn(after, group, item)];
  if (former.length > 0 && latter.length === 0) {
    return [
      tell('looser', group, say`accepts tokens for any ${item}`, group === 'audiences' ? { about: 'audience' } : {}),
    ];
  }
  if (former.length === 0 && latter.length > 0) {
    return [tell('tighter', group, say`accepts tokens for the ${item}s of a list only`)];
  }
  const of = (value: string, added: boolean): Difference => {
    const { says, more } = wording(value, added);
    if (added && value.includes(UNKNOWN_TEXT)) {
      return tell('unknown', `${group} unknown`, say`accepts tokens for an ${item} that is unknown until apply`, more);
    }
    return tell(added ? 'looser' : 'tighter', value, says, more);
  };
  return [
    ...latter.filter((value) => !former.includes(value)).map((value) => of(value, true)),
    ...former.filter((value) => !latter.includes(value)).map((value) => of(value, false)),
  ];
}

/** Ids of applications, of which any one is enough. */
function compareCounted(before: PolicyNode, after: PolicyNode, group: string, tell: Say): readonly Difference[] {
  const [former, latter] = [before, after].map((node) =>
    textsIn(node, group, 'application-id').map((id) => id.toLowerCase()),
  );
  const whom = group === 'client-application-ids' ? 'clients' : 'backend applications';
  if (former === undefined || latter === undefined) {
    return [];
  }
  if (former.length > 0 && latter.length === 0) {
    return [tell('looser', group, say`no longer limits which ${whom} it lets in`)];
  }
  if (former.length === 0 && latter.length > 0) {
    return [tell('tighter', group, say`lets in the ${whom} of a list only`)];
  }
  const unknown = latter.some((id) => id.includes(UNKNOWN_TEXT) && !former.includes(id));
  const added = latter.filter((id) => !former.includes(id) && !id.includes(UNKNOWN_TEXT)).length;
  const removed = former.filter((id) => !latter.includes(id)).length;
  return [
    ...(unknown ? [tell('unknown', `${group} unknown`, say`lets in ${whom} that are unknown until apply`)] : []),
    ...(added > 0
      ? [tell('looser', `${group} added`, say`lets in ${String(added)} more of the ${whom} by their ids`)]
      : []),
    ...(removed > 0
      ? [tell('tighter', `${group} removed`, say`lets in ${String(removed)} fewer of the ${whom} by their ids`)]
      : []),
  ];
}

interface Claim {
  readonly name: string;
  /** With any of the values, or with all of them. */
  readonly match: string;
  readonly separator: string;
  readonly values: readonly string[];
}

function claimsOf(node: PolicyNode): readonly Claim[] {
  return node.children
    .filter((child) => child.name === 'required-claims')
    .flatMap(({ children }) => children)
    .map((claim) => ({
      name: claim.attributes.get('name') ?? '',
      match: (claim.attributes.get('match') ?? 'all').toLowerCase(),
      separator: claim.attributes.get('separator') ?? '',
      values: claim.children.map(({ text }) => text),
    }));
}

function compareClaims(before: PolicyNode, after: PolicyNode, printer: Printer, tell: Say): readonly Difference[] {
  const [former, latter] = [claimsOf(before), claimsOf(after)];
  const names = [...new Set([...former, ...latter].map((claim) => claim.name))].sort();
  return names.flatMap((claimName) => {
    const old = former.filter((claim) => claim.name === claimName);
    const fresh = latter.filter((claim) => claim.name === claimName);
    const lost = old.filter((claim) => !fresh.some((other) => impliesClaim(other, claim)));
    const gained = fresh.filter((claim) => !old.some((other) => impliesClaim(other, claim)));
    const rest = fresh.filter((claim) => !old.some((other) => JSON.stringify(other) === JSON.stringify(claim)));
    const found = lost.flatMap((claim) => compareClaim(claim, rest.shift(), printer, tell));
    return [
      ...found,
      ...gained
        .filter((claim) => rest.includes(claim))
        .flatMap((claim) =>
          compareClaim(
            old.find((other) => impliesClaim(claim, other)),
            claim,
            printer,
            tell,
          ),
        ),
    ];
  });
}

/** Whether a token that fulfils the one also fulfils the other. */
function impliesClaim(one: Claim, other: Claim): boolean {
  if (one.separator !== other.separator) {
    return false;
  }
  const has = (value: string): boolean => one.values.includes(value);
  if (other.values.length === 0) {
    return true;
  }
  if (one.match === 'all') {
    return other.match === 'any' ? other.values.some(has) : other.values.every(has);
  }
  const subset = one.values.length > 0 && one.values.every((value) => other.values.includes(value));
  return one.match === 'any' && subset && (other.match === 'any' || new Set(other.values).size === 1);
}

function compareClaim(before: Claim | undefined, after: Claim | undefined, printer: Printer, tell: Say): Difference[] {
  const claim = after ?? before;
  if (claim === undefined) {
    return [];
  }
  const say1 = (effect: Difference['effect'], wording: string, values: readonly string[]): Difference =>
    tell(effect, `claim ${claim.name} ${wording}`, say`${wording} ${claimWords(claim.name)}${roles(values, printer)}`);
  if (before === undefined || after === undefined) {
    return [
      before === undefined
        ? say1('tighter', 'demands', claim.values)
        : say1('looser', 'no longer demands', claim.values),
    ];
  }
  if (
    before.separator !== after.separator ||
    ![before.match, after.match].every((match) => match === 'any' || match === 'all')
  ) {
    return [say1('unknown', 'compares in another way the values of', [])];
  }
  const added = after.values.filter((value) => !before.values.includes(value));
  const removed = before.values.filter((value) => !after.values.includes(value));
  const any = after.match === 'any';
  const found: Difference[] = [];
  if (added.some((value) => value.includes(UNKNOWN_TEXT))) {
    found.push(say1('unknown', 'demands what is unknown until apply of', []));
  }
  if (any && before.match === 'all' && before.values.length > 1) {
    found.push(say1('looser', 'is content with one value of', []));
  }
  if (!any && before.match === 'any' && after.values.length > 1) {
    found.push(say1('tighter', 'demands every value of', []));
  }
  const known = added.filter((value) => !value.includes(UNKNOWN_TEXT));
  if (known.length > 0) {
    found.push(say1(any ? 'looser' : 'tighter', any ? 'also accepts' : 'also demands', known));
  }
  if (removed.length > 0 && (any ? after.values.length > 0 : true)) {
    found.push(say1(any ? 'tighter' : 'looser', any ? 'no longer accepts' : 'no longer demands', removed));
  }
  if (removed.length > 0 && any && after.values.length === 0) {
    found.push(say1('looser', 'is content with any value of', []));
  }
  return found.length > 0 ? found : [say1('unknown', 'demands something else of', [])];
}

/** Claims that have a meaning for everyone; the names of others are the organization's own. */
const KNOWN_CLAIMS: ReadonlySet<string> = new Set(
  'roles scp scope azp appid aud iss sub oid tid groups wids idtyp ver acr amr azpacr appidacr email upn preferred_username name unique_name nbf exp iat'.split(
    ' ',
  ),
);

function claimWords(claimName: string): readonly MessagePart[] {
  return KNOWN_CLAIMS.has(claimName) ? say`claim ${name(claimName)}` : say`a claim`;
}

function roles(values: readonly string[], printer: Printer): readonly MessagePart[] {
  const printed = values.map((value) => printer.role(value)).filter((value) => value !== undefined);
  const hidden = values.length - printed.length;
  if (hidden === 0) {
    return printed.length === 0 ? [] : say` ${listed(printed)}`;
  }
  const count = `${hidden} ${printed.length > 0 ? 'more ' : ''}value${hidden === 1 ? '' : 's'}`;
  return printed.length === 0 ? say` (${count})` : say` ${listed(printed)} and ${count}`;
}

function compareCertificates(before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const tell = sayOf('certificate');
  const identities = (node: PolicyNode): readonly string[] =>
    node.children.filter((child) => child.name === 'identities').flatMap(({ children }) => children.map(canonical));
  const [former, latter] = [identities(before), identities(after)];
  return [
    ...compareFlag(before, after, 'validate-revocation', true, tell, 'client certificates that are revoked'),
    ...compareFlag(before, after, 'validate-trust', true, tell, 'client certificates that nobody vouches for'),
    ...compareFlag(before, after, 'validate-not-before', true, tell, 'client certificates that are not valid yet'),
    ...compareFlag(before, after, 'validate-not-after', true, tell, 'client certificates that have expired'),
    ...compareFlag(before, after, 'ignore-error', false, tell, 'client certificates that are not valid'),
    ...compareAnyOf(former, latter, 'identities', tell, {
      any: 'accepts client certificates of anybody',
      some: 'accepts the client certificates of a list only',
      added: 'accepts client certificates of somebody else',
      removed: 'no longer accepts client certificates of somebody',
    }),
  ];
}

/** A list of which any one is enough; without it, everything is. */
function compareAnyOf(
  former: readonly string[],
  latter: readonly string[],
  subject: string,
  tell: Say,
  words: Readonly<Record<'any' | 'some' | 'added' | 'removed', string>>,
): readonly Difference[] {
  if (former.length > 0 && latter.length === 0) {
    return [tell('looser', subject, say`${words.any}`)];
  }
  if (former.length === 0 && latter.length > 0) {
    return [tell('tighter', subject, say`${words.some}`)];
  }
  return [
    ...(latter.some((value) => !former.includes(value))
      ? [tell('looser', `${subject} added`, say`${words.added}`)]
      : []),
    ...(former.some((value) => !latter.includes(value))
      ? [tell('tighter', `${subject} removed`, say`${words.removed}`)]
      : []),
  ];
}

function compareAddresses(before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const tell = sayOf('addresses');
  const [former, latter] = [before, after].map((node) => node.attributes.get('action')?.toLowerCase());
  if (former !== latter || (latter !== 'allow' && latter !== 'forbid' && canonical(before) !== canonical(after))) {
    return [tell('unknown', 'action', say`filters addresses in another way`)];
  }
  const addresses = (node: PolicyNode): readonly string[] =>
    node.children.map((child) =>
      child.name === 'address'
        ? child.text
        : `${child.attributes.get('from') ?? ''} to ${child.attributes.get('to') ?? ''}`,
    );
  const [old, fresh] = [addresses(before), addresses(after)];
  const added = fresh.some((address) => !old.includes(address));
  const removed = old.some((address) => !fresh.includes(address));
  const allows = latter === 'allow';
  return [
    ...(allows && added ? [tell('looser', 'addresses added', say`lets in calls from more addresses`)] : []),
    ...(allows && removed ? [tell('tighter', 'addresses removed', say`lets in calls from fewer addresses`)] : []),
    ...(!allows && added ? [tell('tighter', 'addresses added', say`refuses calls from more addresses`)] : []),
    ...(!allows && removed ? [tell('looser', 'addresses removed', say`refuses calls from fewer addresses`)] : []),
  ];
}

function compareHeaders(before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const tell = sayOf('header');
  const [former, latter] = [before, after].map((node) => node.attributes.get('name')?.toLowerCase() ?? '');
  if (former !== latter || isExpression(former ?? '')) {
    return former === latter && canonical(before) === canonical(after)
      ? []
      : [tell('both', 'name', say`checks another header`)];
  }
  const values = (node: PolicyNode): readonly string[] => node.children.map(({ text }) => text);
  return [
    ...compareFlag(before, after, 'ignore-case', false, tell, 'values of a header whatever their case'),
    ...compareAnyOf(values(before), values(after), 'values', tell, {
      any: 'accepts any value of a header',
      some: 'accepts the values of a list in a header only',
      added: 'accepts one more value of a header',
      removed: 'no longer accepts a value of a header',
    }),
  ];
}

/** The texts of a group's items. */
export function textsIn(node: PolicyNode, group: string, item: string): readonly string[] {
  return node.children
    .filter((child) => child.name === group)
    .flatMap(({ children }) => children)
    .filter((child) => child.name === item)
    .map(({ text }) => text);
}
