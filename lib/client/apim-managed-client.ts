import { TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { CLIENT_APPLICATION, PRODUCT_LINK } from '../azapi/arm-types';
import { AzapiResource } from '../azapi/azapi-resource';
import { DataAzapiResource } from '../azapi/data-azapi-resource';
import { BoundRegistration, Grant, RegisteredClient } from './registered-client';
import { expression, literal } from '../terraform/expression';
import * as limits from '../validation/limits';
import { recordSource } from '../terraform/source-line';
import { late } from '../terraform/late';
import { beforeClients } from '../product/product-registration';
import { declareStoredSecret, SecretDestination } from './stored-secret';
import { DIRECTORY_ROLE_DELAY, LINK_DELAY } from '../azapi/replication-delays';

/** A client application that API Management registers, with one link for each product that it may call. */
export class ApimManagedClient implements BoundRegistration {
  public readonly clientId: string;
  public readonly tenantId: string;
  private readonly application: AzapiResource;
  private readonly stored: SecretDestination[] = [];
  private links?: AzapiResource;
  private registered?: string;
  /** Names of links that were made elsewhere, by key. */
  private otherNames?: { [key: string]: string };

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
      source: client.source,
    });
    this.clientId = this.application.output('clientId');
    this.tenantId = expression`coalesce(${this.application.output('tenantId')}, ${instance.tenantId})`;
  }

  /** One resource for all grants: each has an address that names its product. */
  public granted({ key, product, source }: Grant): void {
    this.links ??= new AzapiResource(this.client.scope, 'grants', {
      type: PRODUCT_LINK,
      parentId: this.application.id,
      name: Token.asString(late(() => this.linkName())),
      body: { properties: { productId: '${each.value}' } },
      // A product that is replaced takes its link with it: Azure refuses to delete a product that is linked.
      replaceTriggersExternalValues: '${each.value}',
      retry: LINK_DELAY,
      instances: late(() => this.linkedProducts()),
    });
    recordSource(this.links, source, key);
    this.links._addDependency(...beforeClients(product));
  }

  public problemOfGrantId(id: string): string | undefined {
    return limits.productLinkId(id);
  }

  public importGrant(key: string, id: string): void {
    this.links?.importInstance(key, id);
    const name = id.split('/').at(-1)!;
    if (name !== key) {
      this.otherNames = { ...this.otherNames, [key]: name };
    }
  }

  public importFrom(id: string): void {
    this.application.importFrom(id);
  }

  public storeSecret(destination: SecretDestination): void {
    this.registered ??= this.readRegistration();
    const owner = { application: this.application, clientId: this.registered };
    declareStoredSecret(this.client.scope, owner, destination);
    this.stored.push(destination);
  }

  public credential(): { [name: string]: unknown } {
    const [first] = this.stored;
    if (first === undefined) {
      return { kind: 'developerPortal' };
    }
    return { kind: 'keyVaultSecret', keyVaultId: first.keyVaultId, secretName: first.secretName };
  }

  /**
   * The client id, known also in a plan that edits the client: azapi treats its own exports as unknown then, as if
   * there was another client. The reading refers to a local value, since Terraform defers a reading that refers to a
   * resource with pending changes.
   */
  private readRegistration(): string {
    const { scope } = this.client;
    const id = new TerraformLocal(scope, 'id', this.application.id);
    const registered = new RegisteredApplication(scope, 'registered', this.application, id.asString);
    return expression`coalesce(${registered.output('clientId')}, "unknown")`;
  }

  private linkedProducts(): { [key: string]: string } {
    return Object.fromEntries([...this.client.grants].map(([key, product]) => [key, product.resourceId]));
  }

  /** Azure refuses a key that is a path as a name. The name is then the product's id, the last part of its resource id. */
  private linkName(): string {
    const literalIds = [...this.client.grants.values()].every((product) => !Token.isUnresolved(product.productId));
    const name = literalIds ? 'each.key' : 'basename(each.value)';
    return this.otherNames === undefined
      ? `\${${name}}`
      : `\${lookup(${JSON.stringify(this.otherNames)}, each.key, ${name})}`;
  }
}

/** Reads the client with the provider of the client. */
class RegisteredApplication extends DataAzapiResource {
  public constructor(
    scope: Construct,
    id: string,
    private readonly application: AzapiResource,
    resourceId: string,
  ) {
    super(scope, id, {
      type: CLIENT_APPLICATION,
      resourceId,
      responseExportValues: { clientId: 'properties.entraApplicationId' },
    });
  }

  public override get terraformMetaArguments(): { [name: string]: any } {
    const provider = (this.provider ?? this.application.provider)?.fqn;
    return { ...super.terraformMetaArguments, provider };
  }
}
