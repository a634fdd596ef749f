import { listed, name, say } from '../message';
import type { MessagePart } from '../model';
import type { Difference, Printer } from './difference';
import { UNKNOWN_TEXT, type Say } from './properties';
import type { PolicyNode } from './reader';

interface Claim {
  readonly name: string;
  /** With any of the values, or with all of them. */
  readonly match: string;
  /** Undefined: the claim is one value. */
  readonly separator: string | undefined;
  readonly values: readonly string[];
}

function claimsOf(node: PolicyNode): readonly Claim[] {
  return node.children
    .filter((child) => child.name === 'required-claims')
    .flatMap(({ children }) => children)
    .map((claim) => ({
      name: claim.attributes.get('name') ?? '',
      match: (claim.attributes.get('match') ?? 'all').toLowerCase(),
      separator: claim.attributes.get('separator'),
      values: claim.children.map(({ text }) => text),
    }));
}

export function compareClaims(
  before: PolicyNode,
  after: PolicyNode,
  printer: Printer,
  tell: Say,
): readonly Difference[] {
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
