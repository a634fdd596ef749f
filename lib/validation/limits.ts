import { Token } from 'cdktf';

/**
 * What Azure, Entra and Key Vault refuse, known before Terraform runs. Each check answers what is wrong with a value,
 * or `undefined`. Tokens are never looked into.
 */
export type Check<T> = (value: T) => string | undefined;

const LONGEST_SHOWN = 80;
const SHOWN_AT_END = 40;

/**
 * The value as an error message shows it: quoted, and cut in the middle where it is long, since a resource id is often
 * wrong at its end.
 */
export function shown(value: unknown): string {
  if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
    return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
  }
  if (typeof value !== 'string') {
    return String(value);
  }
  if (value.length <= LONGEST_SHOWN) {
    return JSON.stringify(value);
  }
  const start = value.slice(0, LONGEST_SHOWN);
  const end = value.slice(Math.max(LONGEST_SHOWN, value.length - SHOWN_AT_END));
  return `${JSON.stringify(start)}…${JSON.stringify(end)} (${value.length} characters)`;
}

/** Text of a shape that the rule describes. */
export function matching(pattern: RegExp, rule: string): Check<string> {
  return (value) => {
    if (Token.isUnresolved(value)) {
      return undefined;
    }
    return typeof value === 'string' && pattern.test(value) ? undefined : `must ${rule}, got ${shown(value)}`;
  };
}

/** A value that must be known while the program runs; `why` completes "must not be a token, since". */
export function literalOnly<T>(check: Check<T>, why: string): Check<T> {
  return (value) => (Token.isUnresolved(value) ? `must not be a token, since ${why}` : check(value));
}

/** Text of a length from `least` to `most` characters that is not blank. */
export function textOf(least: number, most: number): Check<string> {
  const rule = least > 0 ? `have ${least} to ${most} characters and not be blank` : `have at most ${most} characters`;
  return (value) => {
    if (Token.isUnresolved(value)) {
      return undefined;
    }
    const fits = typeof value === 'string' && value.length >= least && value.length <= most;
    return fits && (least === 0 || value.trim() !== '') ? undefined : `must ${rule}, got ${shown(value)}`;
  };
}

/** Text of any length. */
export const text: Check<string> = (value) => {
  return Token.isUnresolved(value) || typeof value === 'string' ? undefined : `must be text, got ${shown(value)}`;
};

const GUID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';
const RESOURCE_GROUP_PART = '[\\p{L}\\p{N}_().-]{1,90}';

export const guid = matching(new RegExp(`^${GUID}$`), 'be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3');

export const instanceName = matching(
  /^[a-zA-Z](?:[a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/,
  'start with a letter, end with a letter or digit, contain only letters, digits and dashes and have at most 50 characters',
);

export const resourceGroupName = matching(
  /^(?!.*\.$)[\p{L}\p{N}_().-]{1,90}$/u,
  'have 1 to 90 letters, digits, dashes, underscores, parentheses and periods and not end with a period',
);

export const location = matching(/^[A-Za-z][A-Za-z0-9 ]*$/, 'be an Azure region such as centraluseuap');

export const emailAddress = matching(
  /^(?=.{1,100}$)[^\s@"<>,;:()[\]\\]+@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
  'be an e-mail address of at most 100 characters',
);

export const productId = matching(
  /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,78}[a-zA-Z0-9])?$/,
  'contain only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters',
);

export const groupName = matching(
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,78}[a-zA-Z0-9])?$/,
  'contain only letters, digits and dashes, neither start nor end with a dash and have at most 80 characters',
);

export const apiName = matching(/^[^*#&+]{1,256}$/, 'have 1 to 256 characters and none of *#&+');

export const applicationName = matching(
  /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,254}[a-zA-Z0-9])?$/,
  'contain only letters, digits, dashes and underscores, start and end with a letter or digit and have at most 256 characters',
);

export const secretName = matching(/^[0-9a-zA-Z-]{1,127}$/, 'have 1 to 127 letters, digits and dashes');

export const httpsUrl = matching(/^https:\/\/[^\s/?#]+(?:[/?#]\S*)?$/, 'be an https URL');

export const credentialName = matching(
  /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
  'have 3 to 120 letters, digits, dashes and underscores and begin with a letter or digit',
);

export const gitHubOwner = matching(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/,
  'be a GitHub organization or user, at most 39 letters, digits and dashes',
);

export const gitHubRepository = matching(
  /^[A-Za-z0-9._-]{1,100}$/,
  'be the name of a GitHub repository without its owner',
);

export const gitBranch = matching(
  /^(?!refs\/)(?!.*(?:\.\.|@\{|\/\/|\.lock$))[^\s~^:?*[\\/.][^\s~^:?*[\\]*(?<![/.])$|^[^\s~^:?*[\\/.]$/,
  'be the name of a branch such as main, without refs/heads/',
);

export const numericId = matching(/^[1-9][0-9]{0,18}$/, 'be a numeric id');

export const gatewayPath = matching(
  /^\/[^\s\\#]{0,1023}$/,
  'be a path below the gateway that starts with a slash, such as /echo/resource',
);

export const keyVaultId = matching(
  new RegExp(
    `^/subscriptions/${GUID}/resourceGroups/${RESOURCE_GROUP_PART}/providers/Microsoft\\.KeyVault/vaults/[a-zA-Z][a-zA-Z0-9-]{2,23}$`,
    'iu',
  ),
  'be the full resource id of a Key Vault, /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>',
);

export const userAssignedIdentityId = matching(
  new RegExp(
    `^/subscriptions/${GUID}/resourceGroups/${RESOURCE_GROUP_PART}/providers/Microsoft\\.ManagedIdentity/userAssignedIdentities/[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$`,
    'iu',
  ),
  'be the full resource id of a user-assigned identity, /subscriptions/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>',
);

const USER_ID = new RegExp(
  `^/subscriptions/${GUID}/resourceGroups/(${RESOURCE_GROUP_PART})/providers/Microsoft\\.ApiManagement/service/([a-zA-Z0-9-]{1,50})/users/([a-zA-Z0-9-]{1,80})$`,
  'iu',
);

export const userId = matching(
  USER_ID,
  'be the full resource id of a user of the instance, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/users/<user>',
);

const SERVICE_ID = `/subscriptions/${GUID}/resourceGroups/${RESOURCE_GROUP_PART}/providers/Microsoft\\.ApiManagement/service/[^/]+`;

export const instanceResourceId = matching(
  new RegExp(`^${SERVICE_ID.replace('[^/]+', '[^/?]+')}$`, 'iu'),
  'be the full resource id of the instance, /subscriptions/…/providers/Microsoft.ApiManagement/service/<name>',
);

export const directoryRoleAssignmentId = matching(
  /^\/roleManagement\/directory\/roleAssignments\/[^/\s]+$/,
  'be the id of the role assignment, /roleManagement/directory/roleAssignments/<id>',
);

export const productResourceId = matching(
  new RegExp(`^${SERVICE_ID}/products/[^/?]+$`, 'iu'),
  'be the full resource id of the product, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/products/<id>',
);

export const clientApplicationId = matching(
  new RegExp(`^${SERVICE_ID}/clientApplications/[^/?]+$`, 'iu'),
  'be the full resource id of the client application, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/clientApplications/<name>',
);

export const productLinkId = matching(
  new RegExp(
    `^/subscriptions/${GUID}/resourceGroups/${RESOURCE_GROUP_PART}/providers/Microsoft\\.ApiManagement/service/[^/]+/clientApplications/[^/]+/productLinks/[^/]+$`,
    'iu',
  ),
  'be the full resource id of the product link, /subscriptions/…/clientApplications/<name>/productLinks/<name>',
);

export const appRoleAssignmentId = matching(
  new RegExp(`^/servicePrincipals/${GUID}/appRoleAssignedTo/[^/\\s]+$`),
  'be the id of the app role assignment, /servicePrincipals/<object id of the product>/appRoleAssignedTo/<id>',
);

/** Name and resource group of the instance in a user's literal resource id. */
export function instanceOfUserId(id: string): { name: string; resourceGroupName: string } | undefined {
  const parts = Token.isUnresolved(id) ? null : USER_ID.exec(id);
  return parts === null ? undefined : { resourceGroupName: parts[1], name: parts[2] };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Check<number> {
  const rule = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (value) => {
    if (Token.isUnresolved(value)) {
      return undefined;
    }
    return Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : `must be a whole number ${rule}, got ${shown(value)}`;
  };
}

/** What is wrong with a list: empty where it must not be, a bad item, or the same literal twice. */
export function listOf(item: Check<string>, options: { least: number; ignoreCase?: boolean }): Check<string[]> {
  return (values) => {
    if (Token.isUnresolved(values)) {
      return undefined;
    }
    if (!Array.isArray(values)) {
      return `must be a list, got ${shown(values)}`;
    }
    if (values.length < options.least) {
      return 'must not be empty, give at least one';
    }
    for (const value of values) {
      const problem = item(value);
      if (problem !== undefined) {
        return problem;
      }
    }
    const twice = duplicateOf(values, options.ignoreCase ?? false);
    return twice === undefined ? undefined : `must not contain the same value twice, got ${shown(twice)} again`;
  };
}

function duplicateOf(values: string[], ignoreCase: boolean): string | undefined {
  const seen = new Set<string>();
  for (const value of values) {
    const key = ignoreCase && !Token.isUnresolved(value) ? value.toLowerCase() : value;
    if (seen.has(key)) {
      return value;
    }
    seen.add(key);
  }
  return undefined;
}

/** Tags as Azure Resource Manager takes them. */
export const tags: Check<{ [name: string]: string }> = (value) => {
  if (Token.isUnresolved(value)) {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `must be names with values, got ${shown(value)}`;
  }
  const names = Object.keys(value);
  if (names.length > 50) {
    return `must contain at most 50 tags, got ${names.length}`;
  }
  for (const name of names) {
    if (Token.isUnresolved(name)) {
      continue;
    }
    if (name === '' || name.length > 512 || /[<>%&\\?/]/.test(name)) {
      return `must have names of 1 to 512 characters and none of <>%&\\?/, got ${shown(name)}`;
    }
    const text = value[name];
    if (!Token.isUnresolved(text) && (typeof text !== 'string' || text.length > 256)) {
      return `must have values of at most 256 characters, got ${shown(text)} for ${shown(name)}`;
    }
  }
  const twice = duplicateOf(names, true);
  return twice === undefined
    ? undefined
    : `must not contain the same name twice, got ${shown(twice)} again; Azure ignores case`;
};
