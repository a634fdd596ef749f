/** A resource group as Azure Resource Manager lists it. */
export interface Group {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Resource id of the service that the group belongs to; empty where it belongs to nobody. */
  readonly managedBy: string;
}

/** What lies in a resource group, and what protects it. */
export interface Content {
  readonly resources: readonly { readonly type: string; readonly name: string; readonly purpose: string | undefined }[];
  readonly locks: readonly string[];
}

export type Judgement =
  /** Says nothing of being a sandbox: it is not looked at. */
  | { readonly kind: 'other' }
  | { readonly kind: 'kept'; readonly until: string }
  | { readonly kind: 'expired'; readonly since: string }
  /** Claims to be a sandbox and is not as a sandbox is: nothing is done. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** The tag `purpose` that `PreviewSandbox` writes. */
export const PURPOSE = 'application based access sandbox';

const NAME = /^rg-[a-z0-9](?:[a-z0-9-]*[a-z0-9])?-([0-9a-f]{12})$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const HOUR = 3_600_000;
/** Somewhere a day lasts until noon of the next one in UTC. */
const END_OF_DAY = 36 * HOUR;
const SERVICE = 'microsoft.apimanagement/service';
const VAULT = 'microsoft.keyvault/vaults';

/** What becomes of a resource group, from what it says of itself. */
export function judge(group: Group, protectedNames: readonly string[], now: Date): Judgement {
  const { name, tags, managedBy } = group;
  if (tagOf(tags, 'purpose') !== PURPOSE) {
    return { kind: 'other' };
  }
  const expires = tagOf(tags, 'expires-on');
  const end = endOf(expires);
  const reasons = [
    ...(NAME.test(name) ? [] : ['its name is not that of a sandbox, such as rg-sandbox-0123456789ab']),
    ...(end === undefined ? [problemOfDate(expires)] : []),
    ...(EMAIL.test(tagOf(tags, 'owner') ?? '') ? [] : ['the tag owner is no e-mail address']),
    ...(managedBy === '' ? [] : ['it belongs to another service (managedBy)']),
    ...(protectedNames.some((other) => other.toLowerCase() === name.toLowerCase()) ? ['--protect names it'] : []),
  ];
  if (reasons.length > 0 || end === undefined || expires === undefined) {
    return { kind: 'refused', reasons };
  }
  return now.getTime() < end ? { kind: 'kept', until: expires } : { kind: 'expired', since: expires };
}

/** Why an expired group is not to be destroyed, from what lies in it; empty where nothing speaks against it. */
export function objections({ name }: Group, { resources, locks }: Content): string[] {
  const unique = NAME.exec(name)?.[1] ?? '';
  return [
    ...locks.map((lock) => `it is locked by ${shown(lock)}`),
    ...resources
      .filter((resource) => !isOfSandbox(resource.type, resource.name, unique))
      .map((resource) => `it holds ${shown(resource.name)} (${shown(resource.type)}), which no sandbox makes`),
    ...resources
      .filter((resource) => isOfSandbox(resource.type, resource.name, unique) && resource.purpose !== PURPOSE)
      .map((resource) => `${shown(resource.name)} in it has another tag purpose`),
  ];
}

/** The services and vaults of a group that was not objected to. */
export function partsOf({ resources }: Content): { readonly services: string[]; readonly vaults: string[] } {
  const ofType = (type: string): string[] =>
    resources.filter((resource) => resource.type.toLowerCase() === type).map(({ name }) => name);
  return { services: ofType(SERVICE), vaults: ofType(VAULT) };
}

function isOfSandbox(type: string, name: string, unique: string): boolean {
  const prefix = { [SERVICE]: 'apim-', [VAULT]: 'kv-' }[type.toLowerCase()];
  return prefix !== undefined && name.startsWith(prefix) && name.endsWith(`-${unique}`);
}

/** Names of tags are the same in capital letters. */
function tagOf(tags: Group['tags'], name: string): string | undefined {
  return Object.entries(tags).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** When the day is over everywhere; undefined where it is no day. */
function endOf(date: string | undefined): number | undefined {
  if (date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    return undefined;
  }
  const start = Date.parse(`${date}T00:00:00Z`);
  // February 30 is read as March 2
  return Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== date ? undefined : start + END_OF_DAY;
}

function problemOfDate(date: string | undefined): string {
  return date === undefined
    ? 'it has no tag expires-on'
    : `the tag expires-on is no date such as 2026-11-24: ${shown(date)}`;
}

/** Text of somebody else, on one line and not too long. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
