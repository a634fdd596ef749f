/** The parts of the id of an object in API Management. */
export interface ArmId {
  /** Name of the instance, lower case: instances share one name space, since it is part of their host name. */
  readonly instance: string;
  /** Pairs of collection and name below the instance, collections in lower case. */
  readonly segments: readonly { readonly collection: string; readonly name: string }[];
}

const SERVICE =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.apimanagement\/service\/([^/]+)((?:\/[^/]+\/[^/]+)*)\/?$/i;

export function parseArmId(id: string | undefined): ArmId | undefined {
  const match = id === undefined ? null : SERVICE.exec(id);
  if (match === null) {
    return undefined;
  }
  const [, instance = '', tail = ''] = match;
  const names = tail.split('/').filter((name) => name !== '');
  const segments = [];
  for (let position = 0; position + 1 < names.length; position += 2) {
    segments.push({
      collection: (names[position] ?? '').toLowerCase(),
      name: withoutRevision(names[position + 1] ?? ''),
    });
  }
  return { instance: instance.toLowerCase(), segments };
}

/** Ids of APIs end in `;rev=1`. */
function withoutRevision(name: string): string {
  return name.replace(/;rev=\d+$/i, '');
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A GUID in lower case, and undefined for everything else. */
export function guid(value: string | undefined): string | undefined {
  return value !== undefined && GUID.test(value) ? value.toLowerCase() : undefined;
}

/** The GUID in `/applications/<guid>`, `/servicePrincipals/<guid>/...` or `<guid>/federatedIdentityCredential/...`. */
export function guidInPath(value: string | undefined): string | undefined {
  return value
    ?.split('/')
    .map(guid)
    .find((found) => found !== undefined);
}

export interface ArmType {
  /** Lower case, without the version. */
  readonly type: string;
  readonly version: string;
}

export function parseArmType(type: string | undefined): ArmType | undefined {
  const match = /^([^@]+)@(\d{4}-\d{2}-\d{2}(?:-preview)?)$/.exec(type ?? '');
  return match === null ? undefined : { type: (match[1] ?? '').toLowerCase(), version: match[2] ?? '' };
}

/** Whether products of this API version have an authentication type; older ones drop it without a word. */
export function knowsAuthenticationType(version: string): boolean {
  return version.slice(0, 10) >= '2024-10-01';
}
