import { Operations } from './arm/operations';
import { ResourceStore } from './arm/store';
import { KeyPair } from './certificates';
import { Clock } from './clock';
import { Directory } from './entra/directory';
import { Issuers } from './entra/issuers';
import { Faults } from './faults';
import { Counters } from './gateway/counters';
import { RequestLog } from './request-log';
import { changed, DEFAULTS, Settings } from './settings';
import { Vaults } from './vault/vaults';

/** Resources that were deleted and can be recovered until they are purged. */
export interface SoftDeleted {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly body: { [name: string]: unknown };
  readonly deletedAt: number;
}

/** All that this Azure knows. The services read and change it; nothing of it lies anywhere else. */
export class Cloud {
  public readonly clock = new Clock(() => this.settings);
  public readonly store = new ResourceStore();
  public readonly directory = new Directory(this.clock, () => this.settings);
  public readonly vaults = new Vaults();
  public readonly operations = new Operations(this.clock, () => this.settings);
  public readonly deletedServices = new Map<string, SoftDeleted>();
  public readonly deletedVaults = new Map<string, SoftDeleted>();
  public readonly issuers = new Issuers();
  public readonly counters = new Counters(this.clock);
  public readonly faults = new Faults();
  public readonly log = new RequestLog(this.clock);
  /** What API Management could not remove from Entra, because its identity had lost the role. */
  public readonly orphans: { from: string; objectId: string; displayName: string }[] = [];
  /** How often `listSecrets` made a secret, by client application. */
  public readonly secretsMade = new Map<string, number>();
  /** What this Azure did not understand, such as a policy that it cannot run. */
  public readonly notUnderstood: string[] = [];
  private current: Settings;

  public constructor(
    public readonly signingKeys: KeyPair,
    settings: Partial<Settings> = {},
  ) {
    this.current = changed(DEFAULTS, settings);
  }

  public get settings(): Settings {
    return this.current;
  }

  public configure(changes: Partial<Settings>): void {
    this.current = changed(this.current, changes);
  }
}
