import { DataAzurermKeyVaultSecrets } from '@cdktf/provider-azurerm/lib/data-azurerm-key-vault-secrets';
import {
  IResolvable,
  ITerraformDependable,
  TerraformLocal,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  Token,
} from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Fact } from '../names/fact';
import { digest } from '../names/names';
import { expressionOf } from '../terraform/expression';
import { mapFor, tryOr } from '../terraform/hcl';
import { late } from '../terraform/late';
import { addressOf, inStackOf, withDependencies } from '../terraform/rendering';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { vaultOf } from './secret-claims';

/** A block whose provider may be set later, and must be the provider of other blocks as well. */
interface Provided {
  provider?: TerraformProvider;
}

/** Kept on each listing, so that it is found by every copy of the library. */
const LISTING = new Fact<VaultListing>('vault listing');

/**
 * Names and tags of the secrets in one Key Vault, never their values. All clients of a stack that store there share one
 * reading, since it pages through the whole vault.
 */
export class VaultListing extends Construct {
  /** The reading of a vault in the stack of a construct. */
  public static of(scope: IConstruct, keyVaultId: string): VaultListing {
    const stack = TerraformStack.of(scope);
    const id = `apim-oauth-vault-${labelOf(scope, keyVaultId)}`;
    const existing = stack.node.tryFindChild(id);
    return LISTING.of(existing) ?? new VaultListing(stack, id, keyVaultId);
  }

  /** Tags of all secrets, by their names in lower case. */
  public readonly tags: IResolvable;

  private readonly reading: SharedReading;
  private readonly resources = new Set<TerraformResource>();
  private changes?: TerraformDataBlock;
  private isTracked = true;

  private constructor(scope: Construct, id: string, keyVaultId: string) {
    super(scope, id);
    LISTING.keep(this, this);
    // By way of a local value: Terraform would defer the reading in every plan that edits a vault that it refers to.
    const vault = new TerraformLocal(this, 'id', keyVaultId);
    this.reading = new SharedReading(this, 'Default', vault.asString);
    const tagsOfSecret = mapFor({
      each: 'name, value',
      in: expressionOf`secret.tags`,
      key: expressionOf`name`,
      value: expressionOf`value`,
    });
    const tags = mapFor({
      each: 'secret',
      in: expressionOf`${this.reading.fqn}.secrets`,
      key: expressionOf`lower(secret.name)`,
      value: tryOr(tagsOfSecret, {}),
    });
    this.tags = new TerraformLocal(this, 'tags', tags).expression as IResolvable;
  }

  /**
   * An expression: whether the plan read the vault. The apply reads it if a block that the reading waits for has pending
   * changes; a block remembers the last plan in which this was so.
   */
  public get wasReadByPlan(): IResolvable {
    if (!this.isTracked) {
      return expressionOf`false`;
    }
    return this.changes === undefined ? expressionOf`true` : expressionOf`${this.changes.fqn}.input != plantimestamp()`;
  }

  /** Makes the reading wait for the prerequisites, and use the provider of the secret if it is not the stack's. */
  public usedBy(secret: Provided, prerequisites: readonly ITerraformDependable[]): void {
    this.reading.users.push(secret);
    for (const prerequisite of inStackOf(this, prerequisites)) {
      if (
        TerraformResource.isTerraformResource(prerequisite) &&
        prerequisite.forEach === undefined &&
        prerequisite.count === undefined
      ) {
        this.track(prerequisite);
      } else {
        this.isTracked = false;
        this.reading.prerequisites.add(prerequisite);
      }
    }
  }

  /** Replaced whenever the resource is, or is made or edited: its id changes in the first two cases. */
  private track(resource: TerraformResource): void {
    this.resources.add(resource);
    const { resources } = this;
    if (this.changes === undefined) {
      this.changes = new TerraformDataBlock(this, 'prerequisites', {
        input: expressionOf`plantimestamp()`,
        triggersReplace: late(() => [...resources].map((each) => `\${${addressOf(each)}.id}`)),
      });
      this.reading.prerequisites.add(this.changes);
    }
    this.changes.lifecycle = { ignoreChanges: ['input'], replaceTriggeredBy: [...resources].map(addressOf) };
  }
}

class SharedReading extends DataAzurermKeyVaultSecrets {
  public readonly prerequisites = new Set<ITerraformDependable>();
  public readonly users: Provided[] = [];

  public constructor(scope: Construct, id: string, keyVaultId: string) {
    super(scope, id, { keyVaultId });
  }

  public override get terraformMetaArguments(): { [name: string]: any } {
    const provider = this.provider ?? this.users.find((user) => user.provider !== undefined)?.provider;
    const metaArguments = { ...super.terraformMetaArguments, provider: provider?.fqn };
    return withDependencies(this, metaArguments, [...this.prerequisites]);
  }
}

/** Names the reading by the vault, or by the address that identifies the vault. */
function labelOf(scope: IConstruct, keyVaultId: string): string {
  return Token.isUnresolved(keyVaultId)
    ? digest(8, ...vaultOf(scope, keyVaultId))
    : keyVaultId.slice(keyVaultId.lastIndexOf('/') + 1).toLowerCase();
}
