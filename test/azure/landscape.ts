import { createPublicKey, generateKeyPairSync, KeyObject, X509Certificate } from 'node:crypto';
import { handleResource } from './arm/handler';
import { newCertificate, pkcs8 } from './certificates';
import { DAY } from './clock';
import type { Cloud } from './cloud';
import { FederatedCredential } from './entra/directory';
import { assignAppRole, newApplication, newServicePrincipal, viewServicePrincipal } from './entra/registrations';
import { newId, stableId, SUBSCRIPTION_ID, TENANT_ID } from './identifiers';
import { JsonObject } from './json';
import type { LocalAzure } from './local-azure';
import { newCall } from './proxy';
import { DIRECTORY_ROLES } from './roles';
import { assignAzureRole } from './seed';
import { addSecret } from './vault/secrets';
import { store } from './vault/certificates';

export interface InstanceSpec {
  readonly name?: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly sku?: string;
  /** Names of directory roles that the instance's identity holds; Application Administrator where it is left out. */
  readonly directoryRoles?: readonly string[];
  /** False for an instance without identity. */
  readonly identity?: boolean;
  /** Whether the samples stay that every new instance has: Starter, Unlimited and Echo API. */
  readonly samples?: boolean;
}

export interface ApiSpec {
  readonly displayName?: string;
  readonly path?: string;
  /** `GET /list`; `GET /` where it is left out. */
  readonly operations?: readonly string[];
  readonly subscriptionRequired?: boolean;
  readonly policy?: string;
}

export interface ProductSpec {
  readonly displayName?: string;
  readonly description?: string;
  readonly published?: boolean;
  readonly authenticationType?: readonly ('application-token' | 'subscription-key')[];
  readonly subscriptionRequired?: boolean;
  readonly apis?: readonly string[];
  readonly groups?: readonly string[];
  /** Client id of a registration that is not API Management's own. */
  readonly applicationId?: string;
  readonly policy?: string;
  /** Links by `apiLinks` and `groupLinks`, as azapi makes them; otherwise as azurerm and the portal do. */
  readonly byLinks?: boolean;
}

export interface SecretSpec {
  readonly name?: string;
  /** Days from now; negative for one that has expired. */
  readonly expiresInDays?: number;
  readonly text?: string;
}

export interface CredentialsSpec {
  readonly secrets?: readonly SecretSpec[];
  readonly certificates?: readonly { readonly name?: string; readonly expiresInDays?: number }[];
  readonly federated?: readonly {
    readonly name?: string;
    readonly issuer: string;
    readonly subject: string;
    readonly audiences?: string[];
  }[];
}

export interface ClientSpec {
  readonly displayName?: string;
  readonly description?: string;
  /** Name of a user of the instance. */
  readonly owner?: string;
  readonly products?: readonly string[];
  /** Secrets in Entra beside those that `listSecrets` made. */
  readonly secrets?: readonly SecretSpec[];
}

export interface RegistrationSpec extends CredentialsSpec {
  readonly displayName?: string;
  readonly owners?: readonly string[];
  /** Values of roles for applications. */
  readonly appRoles?: readonly string[];
  readonly assignmentRequired?: boolean;
  /** False for an application that nobody made a service principal for. */
  readonly servicePrincipal?: boolean;
  readonly tokenVersion?: 1 | 2;
  readonly identifierUris?: readonly string[];
}

/** What was registered, and how to sign in by it. */
export interface Registered {
  readonly clientId: string;
  readonly objectId: string;
  readonly servicePrincipalId: string | undefined;
  readonly secrets: readonly string[];
  readonly certificates: readonly { readonly certificate: string; readonly privateKey: string }[];
}

const PREVIEW = '2024-10-01-preview';

/** Builds what there is before a program runs, as people do it in the portal. Names are taken as ids. */
export class Landscape {
  public readonly resourceGroupId: string;
  public readonly instanceId: string;
  public readonly principalId: string | undefined;
  private readonly cloud: Cloud;
  private clientKeys: KeyObject | undefined;

  public constructor(azure: LocalAzure, spec: InstanceSpec = {}) {
    const { name = 'contoso-apim', resourceGroup = 'contoso', location = 'centraluseuap', sku = 'Developer' } = spec;
    this.cloud = azure.cloud;
    this.resourceGroupId = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/${resourceGroup}`;
    this.instanceId = `${this.resourceGroupId}/providers/Microsoft.ApiManagement/service/${name}`;
    this.cloud.store.put(
      this.resourceGroupId,
      { location, properties: { provisioningState: 'Succeeded' } },
      this.cloud.clock.now(),
    );
    const made = this.write(this.instanceId, {
      location,
      sku: { name: sku, capacity: 1 },
      properties: { publisherName: 'Contoso', publisherEmail: 'api@contoso.com' },
      ...(spec.identity === false ? {} : { identity: { type: 'SystemAssigned' } }),
    });
    this.principalId = made.identity?.principalId as string | undefined;
    if (spec.samples !== true) {
      for (const path of ['products/starter', 'products/unlimited', 'apis/echo-api']) {
        this.cloud.store.remove(`${this.instanceId}/${path}`);
      }
    }
    for (const role of this.principalId === undefined ? [] : (spec.directoryRoles ?? ['Application Administrator'])) {
      this.directoryRole(this.principalId!, role);
    }
  }

  public api(name: string, spec: ApiSpec = {}): this {
    const id = `${this.instanceId}/apis/${name}`;
    this.write(id, {
      properties: {
        displayName: spec.displayName ?? name,
        path: spec.path ?? name,
        protocols: ['https'],
        subscriptionRequired: spec.subscriptionRequired ?? true,
      },
    });
    for (const operation of spec.operations ?? ['GET /']) {
      const [method, urlTemplate] = operation.split(' ');
      const operationName = `${method.toLowerCase()}${urlTemplate.replace(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '')}`;
      const parameters = [...urlTemplate.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
        name: parameter,
        type: 'string',
      }));
      this.write(`${id}/operations/${operationName}`, {
        properties: { displayName: operation, method, urlTemplate, templateParameters: parameters },
      });
    }
    return this.policy(id, spec.policy);
  }

  public user(name: string, spec: { email?: string; firstName?: string; lastName?: string } = {}): this {
    const { email = `${name}@contoso.com`, firstName = name, lastName = 'Doe' } = spec;
    this.write(`${this.instanceId}/users/${name}`, { properties: { email, firstName, lastName } });
    return this;
  }

  public group(name: string, displayName = name): this {
    this.write(`${this.instanceId}/groups/${name}`, { properties: { displayName } });
    return this;
  }

  public product(name: string, spec: ProductSpec = {}): this {
    const id = `${this.instanceId}/products/${name}`;
    const types = spec.authenticationType ?? ['subscription-key'];
    this.write(id, {
      properties: {
        displayName: spec.displayName ?? name,
        description: spec.description ?? null,
        state: (spec.published ?? true) ? 'published' : 'notPublished',
        subscriptionRequired: spec.subscriptionRequired ?? types.includes('subscription-key'),
        authenticationType: types,
        ...(spec.applicationId === undefined ? {} : { application: { entra: { applicationId: spec.applicationId } } }),
      },
    });
    // Before the APIs, so that no product without its policy has one.
    this.policy(id, spec.policy);
    for (const [names, collection, property] of [
      [spec.apis ?? [], 'apis', 'apiId'],
      [spec.groups ?? [], 'groups', 'groupId'],
    ] as const) {
      for (const member of names) {
        if (spec.byLinks === true) {
          const links = collection === 'apis' ? 'apiLinks' : 'groupLinks';
          this.write(`${id}/${links}/${member}`, {
            properties: { [property]: `${this.instanceId}/${collection}/${member}` },
          });
        } else {
          this.write(`${id}/${collection}/${member}`, {});
        }
      }
    }
    return this;
  }

  /** A client application of API Management's own, linked to its products. */
  public client(name: string, spec: ClientSpec = {}): Registered {
    const id = `${this.instanceId}/clientApplications/${name}`;
    const made = this.write(id, {
      properties: {
        displayName: spec.displayName ?? name,
        description: spec.description ?? null,
        ownerId: `${this.instanceId}/users/${spec.owner ?? '1'}`,
      },
    });
    for (const product of spec.products ?? []) {
      this.link(name, product);
    }
    const application = this.cloud.directory.application(made.properties.entraApplicationId as string)!;
    return this.registered(application, { secrets: spec.secrets ?? [] });
  }

  /** The secret that somebody made in the developer portal for a client application. */
  public clientSecret(name: string): string {
    const { entra } = this.post(`${this.instanceId}/clientApplications/${name}/listSecrets`);
    return entra.clientSecret as string;
  }

  public link(client: string, product: string, name = product): this {
    this.write(`${this.instanceId}/clientApplications/${client}/productLinks/${name}`, {
      properties: { productId: `${this.instanceId}/products/${product}` },
    });
    return this;
  }

  /** An application in Entra that API Management knows nothing of: a client, or a product's registration. */
  public registration(name: string, spec: RegistrationSpec = {}): Registered {
    const { directory } = this.cloud;
    const appId = stableId(`application ${name}`);
    const application = newApplication(
      directory,
      {
        id: stableId(`application object ${name}`),
        appId,
        displayName: spec.displayName ?? name,
        identifierUris: spec.identifierUris ?? (spec.appRoles === undefined ? [] : [`api://${appId}`]),
        api: { requestedAccessTokenVersion: spec.tokenVersion ?? null },
        appRoles: (spec.appRoles ?? []).map((value) => ({
          id: stableId(`role ${value} of ${name}`),
          value,
          displayName: value,
          description: value,
          allowedMemberTypes: ['Application'],
          isEnabled: true,
        })),
      },
      'caller',
    );
    if (spec.servicePrincipal !== false) {
      newServicePrincipal(
        directory,
        {
          id: stableId(`service principal ${name}`),
          appId: application.appId,
          displayName: application.displayName,
          appRoleAssignmentRequired: spec.assignmentRequired ?? false,
        },
        'caller',
      );
    }
    directory.owners.set(application.id, [...(spec.owners ?? [])]);
    return this.registered(application, spec);
  }

  /** Gives a client in Entra the role of a product, or of any registration by its client id. */
  public grant(clientId: string, target: { product: string } | { applicationId: string }, role?: string): this {
    const { directory } = this.cloud;
    const applicationId =
      'product' in target
        ? (this.cloud.store.get(`${this.instanceId}/products/${target.product}`)!.body.properties.application.entra
            .applicationId as string)
        : target.applicationId;
    const principal = directory.servicePrincipal(clientId)!;
    const resource = viewServicePrincipal(directory, directory.servicePrincipal(applicationId)!);
    const roles = resource.appRoles as JsonObject[];
    const wanted = role === undefined ? roles[0] : roles.find(({ value }) => value === role)!;
    assignAppRole(directory, {
      appRoleId: wanted.id as string,
      principalId: principal.id as string,
      resourceId: resource.id as string,
    });
    return this;
  }

  /** Takes the role away that a grant or a link gave; the link stays. */
  public revoke(clientId: string, applicationId: string): this {
    const { directory } = this.cloud;
    const { id } = directory.servicePrincipal(applicationId) as { id: string };
    const principal = directory.servicePrincipal(clientId) as { id: string };
    for (const assignment of directory.appRoleAssignments.of('principalId', principal.id)) {
      if (assignment.resourceId === id) {
        directory.appRoleAssignments.delete(assignment.id);
      }
    }
    return this;
  }

  public subscription(
    name: string,
    spec: { scope?: string; owner?: string; state?: string; displayName?: string } = {},
  ): {
    readonly primaryKey: string;
    readonly secondaryKey: string;
  } {
    const id = `${this.instanceId}/subscriptions/${name}`;
    this.write(id, {
      properties: {
        displayName: spec.displayName ?? name,
        scope: spec.scope ?? '/apis',
        state: spec.state ?? 'active',
        ...(spec.owner === undefined ? {} : { ownerId: `${this.instanceId}/users/${spec.owner}` }),
      },
    });
    return this.post(`${id}/listSecrets`) as { primaryKey: string; secondaryKey: string };
  }

  public namedValue(name: string, value: string, secret = false): this {
    this.write(`${this.instanceId}/namedValues/${name}`, { properties: { displayName: name, value, secret } });
    return this;
  }

  /** A policy of any resource; the whole instance's where only that is named. */
  public policy(resourceId: string, value: string | undefined): this {
    if (value !== undefined) {
      this.write(`${resourceId}/policies/policy`, { properties: { format: 'rawxml', value } });
    }
    return this;
  }

  /** A vault, or the one that there is. */
  public vault(name: string, spec: { rbac?: boolean } = {}): string {
    const id = `${this.resourceGroupId}/providers/Microsoft.KeyVault/vaults/${name}`;
    if (this.cloud.store.get(id) === undefined) {
      this.write(id, {
        location: 'centraluseuap',
        properties: {
          tenantId: TENANT_ID,
          sku: { family: 'A', name: 'standard' },
          enableRbacAuthorization: spec.rbac ?? false,
          accessPolicies: [],
        },
      });
    }
    return id;
  }

  public vaultSecret(
    vault: string,
    name: string,
    value: string,
    spec: { tags?: JsonObject; expiresInDays?: number } = {},
  ): this {
    this.vault(vault);
    addSecret(this.cloud, this.cloud.vaults.get(vault)!, name, {
      value,
      tags: spec.tags,
      attributes:
        spec.expiresInDays === undefined ? {} : { exp: Math.floor(this.daysAhead(spec.expiresInDays) / 1000) },
    });
    return this;
  }

  /** A certificate in a vault. Returns its public part, to be named in an application. */
  public vaultCertificate(
    vault: string,
    name: string,
    spec: { expiresInDays?: number; exportable?: boolean } = {},
  ): string {
    this.vault(vault);
    const { certificate, privateKey } = this.certificate(name, spec.expiresInDays);
    store(this.cloud, this.cloud.vaults.get(vault)!, name, {
      certificate,
      privateKey,
      policy: {
        key_props: { exportable: spec.exportable ?? true, kty: 'RSA', key_size: 2048, reuse_key: false },
        secret_props: { contentType: 'application/x-pkcs12' },
        x509_props: { subject: `CN=${name}`, validity_months: 12 },
        issuer: { name: 'Self' },
      },
    });
    return certificate;
  }

  /** Names a certificate in an application, so that it may sign in by it. */
  public trust(clientId: string, certificate: string, name = 'certificate'): this {
    this.cloud.directory.application(clientId)!.keyCredentials.push(this.keyCredential(certificate, name));
    return this;
  }

  public directoryUser(name: string): string {
    const id = stableId(`user ${name}`);
    const userPrincipalName = `${name}@contoso.onmicrosoft.com`;
    this.cloud.directory.add(
      'users',
      { id, displayName: name, userPrincipalName, mail: userPrincipalName, accountEnabled: true, userType: 'Member' },
      'caller',
    );
    return id;
  }

  /** Gives a principal a directory role, by its name. */
  public directoryRole(principalId: string, role: string): this {
    const roleDefinitionId = Object.keys(DIRECTORY_ROLES).find((id) => DIRECTORY_ROLES[id] === role);
    if (roleDefinitionId === undefined) {
      throw new Error(
        `role: no such directory role, got ${JSON.stringify(role)}; use one of ${Object.values(DIRECTORY_ROLES).join(', ')}`,
      );
    }
    const id = newId();
    // Long ago, so that no lag applies.
    this.cloud.directory.roleAssignments.set(id, {
      id,
      principalId,
      roleDefinitionId,
      directoryScopeId: '/',
      createdAt: 0,
    });
    return this;
  }

  /** Gives a principal a role in Azure, by its name. */
  public azureRole(principalId: string, role: string, scope = this.resourceGroupId): this {
    assignAzureRole(this.cloud, scope, role, principalId);
    return this;
  }

  public managedIdentity(name: string): {
    readonly id: string;
    readonly principalId: string;
    readonly clientId: string;
  } {
    const id = `${this.resourceGroupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    const { properties } = this.write(id, { location: 'centraluseuap' });
    return { id, principalId: properties.principalId as string, clientId: properties.clientId as string };
  }

  private registered(application: JsonObject, spec: CredentialsSpec): Registered {
    const { directory, clock } = this.cloud;
    const secrets = (spec.secrets ?? []).map(({ name, expiresInDays = 180, text }) => {
      const wanted = {
        displayName: name ?? null,
        startDateTime: clock.iso(this.daysAhead(Math.min(0, expiresInDays) - 180)),
        endDateTime: clock.iso(this.daysAhead(expiresInDays)),
      };
      return directory.addPassword(application, wanted, text).secretText as string;
    });
    const certificates = (spec.certificates ?? []).map(({ name = 'certificate', expiresInDays }) => {
      const made = this.certificate(name, expiresInDays);
      application.keyCredentials.push(this.keyCredential(made.certificate, name));
      return made;
    });
    const federated = (spec.federated ?? []).map(
      ({ name, issuer, subject, audiences }, index): FederatedCredential => ({
        id: newId(),
        name: name ?? `federated-${index + 1}`,
        issuer,
        subject,
        audiences: audiences ?? ['api://AzureADTokenExchange'],
        description: null,
      }),
    );
    if (federated.length > 0) {
      directory.federatedCredentials.set(application.id, federated);
    }
    return {
      clientId: application.appId as string,
      objectId: application.id as string,
      servicePrincipalId: directory.servicePrincipal(application.appId)?.id as string | undefined,
      secrets,
      certificates,
    };
  }

  private keyCredential(certificate: string, displayName: string): JsonObject {
    const der = certificate.replace(/-----[^-]+-----|\s/g, '');
    const { validFrom, validTo } = new X509Certificate(certificate);
    return {
      keyId: newId(),
      displayName,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      key: der,
      customKeyIdentifier: null,
      startDateTime: new Date(validFrom).toISOString(),
      endDateTime: new Date(validTo).toISOString(),
    };
  }

  private certificate(name: string, expiresInDays = 180): { certificate: string; privateKey: string } {
    // Making keys takes long, and no test needs two that differ.
    this.clientKeys ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const privateKey = pkcs8(this.clientKeys);
    const certificate = newCertificate({
      commonName: name,
      keys: { privateKey: this.clientKeys, publicKey: createPublicKey(this.clientKeys) },
      notBefore: new Date(this.daysAhead(Math.min(0, expiresInDays) - 180)),
      notAfter: new Date(this.daysAhead(expiresInDays)),
    });
    return { certificate, privateKey };
  }

  private daysAhead(days: number): number {
    return this.cloud.clock.now() + days * DAY;
  }

  private write(id: string, body: JsonObject): JsonObject {
    return this.send('PUT', id, body);
  }

  private post(id: string): JsonObject {
    return this.send('POST', id, {});
  }

  private send(method: string, id: string, body: JsonObject): JsonObject {
    const url = new URL(`https://management.azure.com${id}?api-version=${PREVIEW}`);
    return handleResource(this.cloud, newCall(method, url, {}, JSON.stringify(body))).body as JsonObject;
  }
}
