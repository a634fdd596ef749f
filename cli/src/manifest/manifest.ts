/** Where a credential of an application is, never what it is. */
export interface CredentialEntry {
  readonly kind: string;
  readonly keyVaultId?: string;
  readonly secretName?: string;
  readonly certificateName?: string;
  readonly version?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audiences?: readonly string[];
}

/** Where something is declared: the path of its construct, and the line of the program. */
export interface Declared {
  readonly constructPath?: string;
  readonly source?: string;
}

export interface ManifestProduct extends Declared {
  readonly id: string;
  readonly scope: string;
  readonly gatewayUrl: string;
  /** A path to try, below the gateway's address. */
  readonly path?: string;
  /** `apimManaged`, `entraApplication` or `gatewayPolicy`: what enforces. */
  readonly authorization?: string;
  readonly acceptsSubscriptionKey?: boolean;
  readonly appRoleValue?: string;
}

export interface ManifestApplication extends Declared {
  readonly name: string;
  readonly clientId: string;
  readonly tenantId: string;
  readonly tokenEndpoint: string;
  /** The first one, then the rest. */
  readonly credentials: readonly CredentialEntry[];
  readonly products: readonly ManifestProduct[];
  /** The file that the manifest was read from. */
  readonly file: string;
}

/** Two entries of products are the same product where instance and id are. */
export function productKey({ gatewayUrl, id }: Pick<ManifestProduct, 'gatewayUrl' | 'id'>): string {
  return `${gatewayUrl.replace(/\/+$/, '').toLowerCase()} ${id}`;
}

/** The address to try, or undefined where the manifest names no path. */
export function urlOf({ gatewayUrl, path }: ManifestProduct): string | undefined {
  return path === undefined ? undefined : `${gatewayUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}
