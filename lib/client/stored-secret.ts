import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { IResolvable, ITerraformDependable, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { CLIENT_APPLICATION } from '../azapi/arm-types';
import { AzapiResource } from '../azapi/azapi-resource';
import { EphemeralAzapiResourceAction } from '../azapi/ephemeral-azapi-resource-action';
import { expression, expressionOf } from '../terraform/expression';
import { allOf, conditional, listFor, tryOr } from '../terraform/hcl';
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
 * `listSecrets` makes a secret each time it is called, and Azure never returns an old one. So it is called once for each
 * client, vault, name and version, in the apply that stores the secret. The only memory is one tag of the secret in the
 * vault, which says whose secret it is. The number that makes azurerm write a value comes from the same tag, so a secret
 * is never made without being written: as long as the tag is right, no secret is made and none is written; otherwise both
 * happen.
 */
export function declareStoredSecret(scope: Construct, owner: SecretOwner, destination: SecretDestination): void {
  const { application } = owner;
  const { id, keyVaultId, secretName, version } = destination;
  const prerequisites = inStackOf(scope, destination.dependsOn);
  const listing = VaultListing.of(scope, keyVaultId);
  const local = (name: string, value: IResolvable): IResolvable =>
    new TerraformLocal(scope, `${id}-${name}`, value).expression as IResolvable;

  const found = local('found', expressionOf`lookup(${listing.tags}, ${secretName.toLowerCase()}, null)`);
  const present = local('present', tryOr(expressionOf`${found}[${TAG}]`, ''));
  const since = tryOr(expressionOf`regex(" made ([^ ]+) ", ${present})[0]`, '');
  const isStored = local('held', expressionOf`${present} == ${tagOf(owner, version, since)}`);
  const fresh = tagOf(owner, version, expressionOf`plantimestamp()`);
  const wanted = local('tag', conditional(isStored, present, fresh));

  const making = allOf(expressionOf`terraform.applying`, expressionOf`!${isStored}`);
  const answer = new EphemeralAzapiResourceAction(scope, `listed-${id}`, {
    type: CLIENT_APPLICATION,
    resourceId: application.id,
    action: Token.asString(conditional(making, 'listSecrets', null)),
    method: Token.asString(conditional(making, 'POST', 'GET')),
    responseExportValues: { clientSecret: 'entra.clientSecret' },
    // A secret must be stored right after it is made: no prerequisite of storing may fail in between.
    dependsOn: [declarePlace(scope, destination, found), ...prerequisites],
    providerOf: application,
  }).output('clientSecret');

  const unlessMade = late(() => refusal(listing, secret, found));
  const made = conditional(expressionOf`${answer} != null`, answer, unlessMade);
  const secret: StoredSecret = new StoredSecret(scope, id, {
    name: secretName,
    keyVaultId,
    contentType: 'client secret',
    tags: { [TAG]: expression`${wanted}` },
    // A plan needs some text, since azurerm refuses null; it writes none.
    valueWo: Token.asString(conditional(expressionOf`terraform.applying`, expressionOf`(${made})`, 'not a secret')),
    valueWoVersion: Token.asNumber(expressionOf`parseint(regex("[0-9a-f]+$", ${wanted}), 16) % 2147483647 + 1`),
    dependsOn: prerequisites,
    // Values that people set in the vault stay. So each change of the block is a change of its tags or a new value.
    lifecycle: { ignoreChanges: ['content_type', 'expiration_date', 'not_before_date'] },
  });
  recordSource(secret, destination.source);
  listing.usedBy(secret, prerequisites);
}

/** The text of the tag. It ends in a checksum, so that a tag that somebody edited does not count. */
function tagOf(owner: SecretOwner, version: number, since: IResolvable): IResolvable {
  const text = expressionOf`format("%s version %s made %s", ${owner.clientId}, ${version}, ${since})`;
  return expressionOf`join(" ", [${text}, substr(sha256(${text}), 0, 8)])`;
}

/**
 * Remembers that the name was free before the secret was stored for the first time. azurerm refuses a secret that exists
 * and is not in the state, but only after a client secret was made for it.
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
          `Key Vault has a secret ${destination.secretName} that is not in the state, so no client secret was made. ` +
          `Delete it in the vault or give another secretName. Where this block is in the state, apply with -replace=${addressOf(place)}.`,
      },
    ],
  };
  return place;
}

const NOTHING_MADE =
  'no client secret was made in this apply and none is written, since Key Vault had one of this version: delete it in the vault and apply again';

/**
 * A value that cannot be written, used in place of a secret if none was made: if the block is replaced by -replace, or
 * is not in the state while the vault contains the secret. Terraform itself fails before any request if a text is used
 * as a number. But it evaluates the value for every change of the block. So if the change may be one of the tags, or
 * the plan did not know whether it is, the value is a text of more than the 25 kB that Key Vault accepts.
 */
function refusal(listing: VaultListing, secret: StoredSecret, found: IResolvable): IResolvable {
  const tags = Object.entries(secret.allTags()).map(([name, value]) => expressionOf`{ ${name} = ${value} }`);
  const sameTags = expressionOf`jsonencode(${found}) == jsonencode(merge(${tags}...))`;
  const noNumber = expressionOf`tonumber(${NOTHING_MADE})`;
  const tooLong = listFor({ each: 'line', in: expressionOf`range(1000)`, value: `${NOTHING_MADE}; ` });
  return conditional(allOf(listing.wasReadByPlan, sameTags), noNumber, expressionOf`join("", ${tooLong})`);
}

class StoredSecret extends KeyVaultSecret {
  /** The tags as they are rendered, with those that were given after the block was made. */
  public allTags(): { [name: string]: unknown } {
    return { ...this.tagsInput, ...(this.rawOverrides as { tags?: { [name: string]: unknown } }).tags };
  }
}
