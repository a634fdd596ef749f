import { KeyVaultSecret } from '@cdktf/provider-azurerm/lib/key-vault-secret';
import { ITerraformDependable, Token } from 'cdktf';
import { CLIENT_APPLICATION, PRODUCT_LINK } from '../azapi/arm-types';
import { AzapiResource } from '../azapi/azapi-resource';
import { EphemeralAzapiResourceAction } from '../azapi/ephemeral-azapi-resource-action';
import { BoundRegistration, RegisteredClient } from './registered-client';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { expression, expressionOf, literal } from '../terraform/expression';
import { productLinkId } from '../validation/limits';
import { sourceLine } from '../terraform/source-line';
import { late } from '../terraform/late';
import { inStackOf } from '../terraform/rendering';
import { planWithoutSecrets } from '../terraform/plan-without-secrets';
import { prerequisitesOf } from '../product/product-registration';
import { DIRECTORY_ROLE_DELAY } from '../azapi/replication-delays';

/** Where a client secret goes, and what must come first. */
export interface SecretDestination {
  readonly id: string;
  readonly keyVaultId: string;
  readonly secretName: string;
  readonly version: number;
  readonly dependsOn: ITerraformDependable[];
}

/** A client application that API Management registers, with one link for each product that it may call. */
export class ApimManagedClient implements BoundRegistration {
  public readonly clientId: string;
  public readonly tenantId: string;
  private readonly application: AzapiResource;
  private readonly stored: SecretDestination[] = [];
  private links?: AzapiResource;

  public constructor(private readonly client: RegisteredClient) {
    const { instance } = client;
    this.application = new AzapiResource(client.scope, 'Default', {
      type: CLIENT_APPLICATION,
      parentId: instance.instanceId,
      name: client.applicationName,
      body: {
        properties: {
          displayName: literal(client.displayName),
          ownerId: client.ownerUserId,
          description: client.description === undefined ? undefined : literal(client.description),
        },
      },
      responseExportValues: { clientId: 'properties.entraApplicationId', tenantId: 'properties.entraTenantId' },
      retry: DIRECTORY_ROLE_DELAY,
      dependsOn: instance.directoryRoleAssignment && [instance.directoryRoleAssignment],
      source: sourceLine(),
    });
    this.clientId = this.application.output('clientId');
    this.tenantId = expression`coalesce(${this.application.output('tenantId')}, ${instance.tenantId})`;
  }

  /** One resource for all grants: each has an address that names its product. */
  public granted(product: IOAuthProduct): void {
    this.links ??= new AzapiResource(this.client.scope, 'grants', {
      type: PRODUCT_LINK,
      parentId: this.application.id,
      name: Token.asString(late(() => this.linkName())),
      body: { properties: { productId: '${each.value}' } },
      // A product that is replaced takes its link with it: Azure refuses to delete a product that is linked.
      replaceTriggersExternalValues: '${each.value}',
      instances: late(() => this.linkedProducts()),
    });
    this.links.addDependency(...prerequisitesOf(product));
  }

  public problemOfGrantId(id: string): string | undefined {
    return productLinkId(id);
  }

  public importGrant(key: string, id: string): void {
    this.links?.importInstance(key, id);
  }

  /**
   * Moves the secret into Key Vault by way of an ephemeral value and a write-only argument. Whoever plans calls
   * `listSecrets` for it; a variable leaves that out for identities that may only read.
   */
  public storeSecret(destination: SecretDestination): void {
    const skip = planWithoutSecrets(this.client.scope);
    const secrets = new EphemeralAzapiResourceAction(this.client.scope, `listed-${destination.id}`, {
      type: CLIENT_APPLICATION,
      resourceId: this.application.id,
      action: 'listSecrets',
      responseExportValues: { clientSecret: 'entra.clientSecret' },
      skipWhen: skip,
    });
    new KeyVaultSecret(this.client.scope, destination.id, {
      name: destination.secretName,
      keyVaultId: destination.keyVaultId,
      contentType: 'client secret',
      valueWo: expression`${skip} ? "left out of this plan" : ${secrets.output('clientSecret')}`,
      valueWoVersion: destination.version,
      dependsOn: inStackOf(this.client.scope, destination.dependsOn),
      lifecycle: {
        precondition: [
          {
            condition: expressionOf`!(${skip} && terraform.applying)`,
            errorMessage:
              'A plan made with plan_without_secrets cannot be applied: it does not hold the client secret.',
          },
        ],
      },
    });
    this.stored.push(destination);
  }

  public credential(): { [name: string]: unknown } {
    const [first] = this.stored;
    if (first === undefined) {
      return { kind: 'developerPortal' };
    }
    return { kind: 'keyVaultSecret', keyVaultId: first.keyVaultId, secretName: first.secretName };
  }

  private linkedProducts(): { [key: string]: string } {
    return Object.fromEntries([...this.client.grants].map(([key, product]) => [key, product.resourceId]));
  }

  /** A key that is a path is no name for Azure; the product's id is the last part of its resource id then. */
  private linkName(): string {
    const literalIds = [...this.client.grants.values()].every((product) => !Token.isUnresolved(product.productId));
    return literalIds ? '${each.key}' : '${basename(each.value)}';
  }
}
