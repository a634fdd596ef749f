import { JsonObject } from '../json';

export interface SecretVersion {
  readonly name: string;
  readonly version: string;
  readonly value: string;
  contentType?: string;
  tags?: JsonObject;
  attributes: JsonObject;
  /** The secret of a certificate: it is read like any other, and changed with its certificate only. */
  readonly managed?: boolean;
}

export interface CertificateVersion {
  readonly name: string;
  readonly version: string;
  /** PEM. */
  readonly certificate: string;
  readonly privateKey: string;
  tags?: JsonObject;
  attributes: JsonObject;
  policy: JsonObject;
}

export interface CertificateOperation {
  readonly id: string;
  readonly doneAt: number;
  readonly csr: string;
}

export interface DeletedEntry<T> {
  readonly versions: T[];
  readonly deletedAt: number;
}

/** One vault's content. Versions are in the order in which they were made: the last is the current one. */
export interface VaultContent {
  readonly secrets: Map<string, SecretVersion[]>;
  readonly certificates: Map<string, CertificateVersion[]>;
  readonly operations: Map<string, CertificateOperation>;
  readonly deletedSecrets: Map<string, DeletedEntry<SecretVersion>>;
  readonly deletedCertificates: Map<string, DeletedEntry<CertificateVersion>>;
}

export class Vaults {
  private readonly vaults = new Map<string, VaultContent>();
  private readonly deleted = new Map<string, VaultContent>();

  public create(name: string): VaultContent {
    const known = this.get(name);
    if (known !== undefined) {
      return known;
    }
    const content: VaultContent = {
      secrets: new Map(),
      certificates: new Map(),
      operations: new Map(),
      deletedSecrets: new Map(),
      deletedCertificates: new Map(),
    };
    this.vaults.set(name.toLowerCase(), content);
    return content;
  }

  public get(name: string): VaultContent | undefined {
    return this.vaults.get(name.toLowerCase());
  }

  public softDelete(name: string): void {
    move(this.vaults, this.deleted, name.toLowerCase());
  }

  public recover(name: string): void {
    move(this.deleted, this.vaults, name.toLowerCase());
  }

  public purge(name: string): void {
    this.deleted.delete(name.toLowerCase());
  }

  public names(): string[] {
    return [...this.vaults.keys()];
  }

  public clear(): void {
    this.vaults.clear();
    this.deleted.clear();
  }
}

function move(from: Map<string, VaultContent>, to: Map<string, VaultContent>, name: string): void {
  const content = from.get(name);
  if (content !== undefined) {
    from.delete(name);
    to.set(name, content);
  }
}
