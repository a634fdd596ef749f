import { name, say } from '../message';
import type { MessagePart } from '../model';
import { compareClaims } from './claims';
import type { Difference, Printer } from './difference';
import { compareFlag, sayOf, textsIn, UNKNOWN_TEXT, type Say } from './properties';
import { canonical, type PolicyNode } from './reader';

export function compareTokens(before: PolicyNode, after: PolicyNode, printer: Printer): readonly Difference[] {
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

function compareSkew(before: PolicyNode, after: PolicyNode, tell: Say): readonly Difference[] {
  const [former, latter] = [before, after].map((node) => node.attributes.get('clock-skew') ?? '0');
  if (former === latter) {
    return [];
  }
  const [from, to] = [former, latter].map((value) => (/^\d{1,9}$/.test(value ?? '') ? Number(value) : undefined));
  if (from === undefined || to === undefined) {
    return [tell('unknown', 'clock-skew', say`changes how long it accepts tokens after they expire`)];
  }
  return from === to
    ? []
    : to > from
      ? [tell('looser', 'clock-skew', say`accepts tokens for longer after they expire: ${to} s instead of ${from} s`)]
      : [
          tell(
            'tighter',
            'clock-skew',
            say`accepts tokens for a shorter time after they expire: ${to} s instead of ${from} s`,
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
          say`looks for the token in another place: a token in the former place is no longer validated`,
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
    return [tell('looser', group, say`no longer limits which ${whom} it accepts`)];
  }
  if (former.length === 0 && latter.length > 0) {
    return [tell('tighter', group, say`accepts only the ${whom} of a list`)];
  }
  const unknown = latter.some((id) => id.includes(UNKNOWN_TEXT) && !former.includes(id));
  const added = latter.filter((id) => !former.includes(id) && !id.includes(UNKNOWN_TEXT)).length;
  const removed = former.filter((id) => !latter.includes(id)).length;
  return [
    ...(unknown ? [tell('unknown', `${group} unknown`, say`accepts ${whom} that are unknown until apply`)] : []),
    ...(added > 0
      ? [tell('looser', `${group} added`, say`accepts ${String(added)} more of the ${whom} by their ids`)]
      : []),
    ...(removed > 0
      ? [tell('tighter', `${group} removed`, say`accepts ${String(removed)} fewer of the ${whom} by their ids`)]
      : []),
  ];
}
