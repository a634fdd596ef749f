import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { IResolvable, ITerraformDependable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { CLIENT_APPLICATION } from '../azapi/arm-types';
import { AzapiResource } from '../azapi/azapi-resource';
import { EphemeralAzapiResourceAction } from '../azapi/ephemeral-azapi-resource-action';
import { expression, expressionOf } from '../terraform/expression';
import { late } from '../terraform/late';
import { addressOf, inStackOf } from '../terraform/rendering';
import { recordSource } from '../terraform/source-line';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { VaultListing } from './vault-listing';

/** Where a client secret is stored, and what must be created before. */
export interface SecretDestination {
  readonly id: string;
  readonly keyVaultId: string;
  readonly secretName: string;
  readonly version: number;
  readonly dependsOn: ITerraformDependable[];
  /** Where the program asked for it. */
  readonly source?: string;
}

/** The client whose secret is stored. */
export interface SecretOwner {
  readonly application: AzapiResource;
  /** Its client id, known in every plan that keeps the registration. */
  readonly clientId: string;
}

/** Tag of a stored client secret in Key Vault: whose it is, which version, and when the plan was made that made it. */
const TAG = 'apim-client-secret';

/**
 * Puts a secret of a client that API Management registered into Key Vault.
 *
 * `listSecrets` makes a secret each time it is called, and Azure never answers one again. So it is called once for each
 * client, vault, name and version, in the apply that stores what it answers. The memory is one tag of the secret in the
 * vault: it says whose secret lies there, and nothing else decides. The number from which azurerm learns that there is
 * something to write comes from the same tag, so making and writing cannot part: as long as the tag is right, nothing is
 * made and nothing is written; when it is not, both are.
 */
export function declareStoredSecret(scope: Construct, owner: SecretOwner, destination: SecretDestination): void {
  const { application } = owner;
  const { id, keyVaultId, secretName, version } = destination;
  const prerequisites = inStackOf(scope, destination.dependsOn);
  const listing = VaultListing.of(scope, keyVaultId);
  const local = (name: string, value: IResolvable): IResolvable =>
    new TerraformLocal(scope, `${id}-${name}`, value).expression as IResolvable;

  const found = local('found', expressionOf`lookup(${listing.tags}, ${secretName.toLowerCase()}, null)`);
  const present = local('present', expressionOf`try(${found}[${TAG}], "")`);
  const since = expressionOf`try(regex(" made ([^ ]+) ", ${present})[0], "")`;
  const held = local('held', expressionOf`${present} == ${tagOf(owner, version, since)}`);
  const fresh = tagOf(owner, version, expressionOf`plantimestamp()`);
  const wanted = local('tag', expressionOf`${held} ? ${present} : ${fresh}`);

  const making = expressionOf`terraform.applying && !${held}`;
  const answer = new EphemeralAzapiResourceAction(scope, `listed-${id}`, {
    type: CLIENT_APPLICATION,
    resourceId: application.id,
    action: expression`${making} ? "listSecrets" : null`,
    method: expression`${making} ? "POST" : "GET"`,
    responseExportValues: { clientSecret: 'entra.clientSecret' },
    // What is made must be stored next: nothing that storing waits for may fail in between.
    dependsOn: [declarePlace(scope, destination, found), ...prerequisites],
    providerOf: application,
  }).output('clientSecret');

  const secret: StoredSecret = new StoredSecret(scope, id, {
    name: secretName,
    keyVaultId,
    contentType: 'client secret',
    tags: { [TAG]: expression`${wanted}` },
    // A plan needs some text, since azurerm refuses null; it writes none.
    valueWo: expression`terraform.applying ? (${answer} != null ? ${answer} : ${late(() => refusal(listing, secret, found))}) : "not a secret"`,
    valueWoVersion: Token.asNumber(expressionOf`parseint(regex("[0-9a-f]+$", ${wanted}), 16) % 2147483647 + 1`),
    dependsOn: prerequisites,
    // What people set in the vault stays. Each change of the block is a change of its tags or a new value then.
    lifecycle: { ignoreChanges: ['content_type', 'expiration_date', 'not_before_date'] },
  });
  recordSource(secret, destination.source);
  listing.usedBy(secret, prerequisites);
}

/** The text of the tag. It ends in a checksum, so that a tag that somebody edited is not taken for ours. */
function tagOf(owner: SecretOwner, version: number, since: IResolvable): IResolvable {
  const text = expressionOf`format("%s version %s made %s", ${owner.clientId}, ${version}, ${since})`;
  return expressionOf`join(" ", [${text}, substr(sha256(${text}), 0, 8)])`;
}

/**
 * Remembers that the name was free when the secret was first to be stored. A secret that is there and not in the state
 * would be refused by azurerm, but only after one had been made for it.
 */
function declarePlace(scope: Construct, destination: SecretDestination, found: IResolvable): TerraformDataBlock {
  const place = new TerraformDataBlock(scope, `place-${destination.id}`, {
    input: expressionOf`${found} == null`,
    triggersReplace: destination.keyVaultId,
  });
  place.lifecycle = {
    ignoreChanges: ['input'],
    postcondition: [
      {
        condition: expressionOf`self.input`,
        errorMessage:
          `Key Vault holds a secret ${destination.secretName} that is not in the state, so no client secret was made. ` +
          `Delete it in the vault or give another secretName. Where this block is in the state, apply with -replace=${addressOf(place)}.`,
      },
    ],
  };
  return place;
}

const NOTHING_MADE =
  'no client secret was made in this apply and none is written, since Key Vault held one of this version: delete it in the vault and apply again';

/**
 * What stands for a secret where none was made, as when the block is replaced by -replace or is not in the state while the
 * vault holds the secret: something that cannot be written. Terraform itself fails where a text is to be a number, before
 * any request. But it evaluates the value for every change of the block, so where the change may be one of the tags, or the
 * plan did not know that there is none, it is a text of more than the 25 kB that Key Vault takes.
 */
function refusal(listing: VaultListing, secret: StoredSecret, found: IResolvable): IResolvable {
  const tags = Object.entries(secret.allTags()).map(([name, value]) => expressionOf`{ ${name} = ${value} }`);
  const sameTags = expressionOf`jsonencode(${found}) == jsonencode(merge(${tags}...))`;
  return expressionOf`${listing.wasReadByPlan} && ${sameTags} ? tonumber(${NOTHING_MADE}) : join("", [for line in range(1000) : ${`${NOTHING_MADE}; `}])`;
}

class StoredSecret extends KeyVaultSecret {
  /** The tags as they are rendered, with those that were given after the block was made. */
  public allTags(): { [name: string]: unknown } {
    return { ...this.tagsInput, ...(this.rawOverrides as { tags?: { [name: string]: unknown } }).tags };
  }
}
