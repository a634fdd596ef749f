/** How this Azure behaves. Where the real one is undocumented, the default is the worst case. */
export interface Settings {
  /** What `listSecrets` of a client application does: a new secret instead of the one before, beside it, or always the same. */
  secrets: 'replace' | 'append' | 'stable';
  /** How a policy that is read as `xml` is answered: written again as the service does, or as it was sent. */
  policies: 'rewritten' | 'verbatim';
  /** Whether a PUT of an api-version that does not know `authenticationType` resets it. */
  oldVersionResets: boolean;
  /** Whether API Management needs Application Administrator for what it does in Entra. */
  directoryRoleNeeded: boolean;
  /** Whether an identifier URI must hold the application's id, the tenant's id or a verified domain. */
  verifiedIdentifierUris: boolean;
  /** Whether Key Vault's data plane asks for an access policy or a role. */
  vaultPermissions: boolean;
  /** Whether ARM asks for a role assignment. */
  armPermissions: boolean;
  /** Whether Graph asks for an application permission or a directory role. */
  graphPermissions: boolean;
  /** Milliseconds until a new directory object can be referred to by another write. */
  graphLag: number;
  /** Milliseconds until a directory role takes effect. */
  roleLag: number;
  /** Milliseconds until Entra gives tokens to, or for, a new service principal. */
  servicePrincipalLag: number;
  /** Milliseconds until a new app role assignment is in tokens. */
  assignmentLag: number;
  /** Milliseconds until a new role assignment in ARM takes effect. */
  permissionLag: number;
  /** Entries in a page of ARM and of Graph. */
  pageSize: number;
  /** Entries in a page of Key Vault. */
  vaultPageSize: number;
  /** Seconds that a token is valid. */
  tokenLifetime: number;
  /** Milliseconds by which this Azure's clock is ahead of the machine's. */
  clockOffset: number;
  /** Milliseconds that asynchronous operations of ARM take. */
  operationTime: number;
  /** Milliseconds that a certificate takes to be made. */
  certificateTime: number;
  /** Seconds named by `Retry-After` where a client is asked to come again. */
  retryAfter: number;
  /** Every so many requests one is answered 429; 0 for never. */
  throttleEvery: number;
  /** Milliseconds that each answer is held back. */
  latency: number;
  /** Client ids that a Conditional Access policy blocks (AADSTS53003). */
  blockedClients: string[];
  /** Refuse any host that is not this Azure's (502). The log has it either way. */
  connectStatus: number;
}

export const DEFAULTS: Readonly<Settings> = {
  secrets: 'replace',
  policies: 'rewritten',
  oldVersionResets: true,
  directoryRoleNeeded: true,
  verifiedIdentifierUris: true,
  vaultPermissions: false,
  armPermissions: false,
  graphPermissions: false,
  graphLag: 0,
  roleLag: 0,
  servicePrincipalLag: 0,
  assignmentLag: 0,
  permissionLag: 0,
  pageSize: 100,
  vaultPageSize: 25,
  tokenLifetime: 3599,
  clockOffset: 0,
  operationTime: 0,
  certificateTime: 0,
  retryAfter: 1,
  throttleEvery: 0,
  latency: 0,
  blockedClients: [],
  connectStatus: 200,
};

const CHOICES: { readonly [name: string]: readonly string[] } = {
  secrets: ['replace', 'append', 'stable'],
  policies: ['rewritten', 'verbatim'],
};

/** The settings with the changes, or an error that names what is wrong. */
export function changed(settings: Settings, changes: Partial<Settings>): Settings {
  for (const [name, value] of Object.entries(changes)) {
    const expected = DEFAULTS[name as keyof Settings];
    if (expected === undefined) {
      throw new Error(
        `${name}: no such setting, got ${JSON.stringify(value)}; use one of ${Object.keys(DEFAULTS).join(', ')}`,
      );
    }
    const choices = CHOICES[name];
    if (choices !== undefined && !choices.includes(String(value))) {
      throw new Error(`${name}: must be one of ${choices.join(', ')}, got ${JSON.stringify(value)}`);
    }
    if (typeof value !== typeof expected || Array.isArray(value) !== Array.isArray(expected)) {
      throw new Error(`${name}: must be like ${JSON.stringify(expected)}, got ${JSON.stringify(value)}`);
    }
  }
  return { ...settings, ...changes };
}
