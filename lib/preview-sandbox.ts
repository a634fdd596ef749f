import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ApiManagementApiOperation } from '@cdktf/provider-azurerm/lib/api-management-api-operation';
import { ApiManagementApiPolicy } from '@cdktf/provider-azurerm/lib/api-management-api-policy';
import { ApiManagementUser } from '@cdktf/provider-azurerm/lib/api-management-user';
import { DataAzurermClientConfig } from '@cdktf/provider-azurerm/lib/data-azurerm-client-config';
import { KeyVault } from '@cdktf/provider-azurerm/lib/key-vault';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TerraformResource, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { AccessManifest } from './access-manifest';
import { ApimInstanceWithIdentity } from './instance/apim-instance-with-identity';
import { AzureProviders } from './azure-providers';
import { MultiProductApplication } from './client/multi-product-application';
import { OAuthProduct } from './product/oauth-product';
import { echoPolicy } from './policy/echo-policy';
import { expression, literal } from './terraform/expression';
import { recordSource, sourceLine } from './terraform/source-line';
import * as limits from './validation/limits';
import { digest, slug } from './names/names';
import { policyXml } from './policy/policy-xml';
import { Problems, refuse } from './validation/problems';
import * as shapes from './validation/shapes';
import { inFramework } from './validation/framework';

/**
 * Settings of `PreviewSandbox`. All except `ttlDays` and `products` are part of its names, so they must be literals.
 */
export interface PreviewSandboxProps {
  /** E-mail address of the person that the sandbox is for. The person becomes the developer user and is named in a tag. */
  readonly ownerEmail: string;

  /** Azure subscription of the sandbox, a GUID. */
  readonly subscriptionId: string;

  /**
   * Name of the sandbox, which is part of its resources' names: letters, digits and dashes, at most 40 characters.
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Azure region.
   * @default centraluseuap
   */
  readonly location?: string;

  /**
   * Days from its creation until the sandbox may be deleted: the tag `expires-on`. A whole number from 1 to 365.
   * @default 7
   */
  readonly ttlDays?: number;

  /**
   * Display names of the products: one or more, without duplicates.
   * @default - Starter and Unlimited
   */
  readonly products?: string[];
}

const SANDBOX_NAME = /^[a-zA-Z][a-zA-Z0-9-]{0,39}$/;
const OPERATION_PATH = '/resource';

/**
 * A complete environment in which to try application based access, as a separate stack: resource group, instance with
 * identity and directory role, an Echo API that answers from policy, products, a developer user, one application for
 * all of them, a Key Vault with its secret and the access manifest. Destroying it leaves nothing behind, including
 * soft-deleted objects.
 *
 * The same inputs make the same names, and different inputs different ones.
 */
export class PreviewSandbox extends TerraformStack {
  /** The providers. */
  public readonly providers: AzureProviders;
  /** The resource group that contains everything. */
  public readonly resourceGroup: ResourceGroup;
  /** The instance. */
  public readonly instance: ApimInstanceWithIdentity;
  /** The Echo API, which answers 200 with the caller's own request line from policy. */
  public readonly echoApi: ApiManagementApi;
  /** The developer user who owns the application. */
  public readonly developer: ApiManagementUser;
  /** The application that may call all of the products. */
  public readonly application: MultiProductApplication;
  /** The Key Vault that contains the application's secret. */
  public readonly keyVault: KeyVault;
  /** The access manifest. */
  public readonly manifest: AccessManifest;

  private readonly declaredProducts: OAuthProduct[];

  /**
   * Declares the sandbox.
   *
   * Fails when an address, id, name or number is malformed or a token; all mistakes are reported at once.
   */
  public constructor(scope: Construct, id: string, props: PreviewSandboxProps) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'props', shapes.settings(props));
    const { ownerEmail, subscriptionId, name = id, location = 'centraluseuap', ttlDays = 7 } = props;
    const { products = ['Starter', 'Unlimited'] } = props;
    validate(this.node.path, { ownerEmail, subscriptionId, name, location, ttlDays, products });
    const names = namesOf(subscriptionId, ownerEmail, name, location);
    const tags = {
      purpose: 'application based access sandbox',
      owner: literal(ownerEmail),
      // Evaluated when the sandbox is created and then left alone: no date is frozen at build, and no later plan moves it.
      'expires-on': expression`formatdate("YYYY-MM-DD", timeadd(plantimestamp(), ${`${ttlDays * 24}h`}))`,
    };

    this.providers = new AzureProviders(this, 'azure', { subscriptionId, purgeSoftDeletedOnDestroy: true });
    this.resourceGroup = new ResourceGroup(this, 'group', { name: names.resourceGroup, location, tags });
    this.instance = new ApimInstanceWithIdentity(this, 'apim', {
      name: names.instance,
      resourceGroupName: this.resourceGroup.name,
      location,
      publisherName: `Sandbox ${name}`,
      publisherEmail: publisherAddress(ownerEmail),
      tags,
    });
    this.echoApi = this.declareEchoApi();
    this.developer = new ApiManagementUser(this, 'developer', {
      userId: 'developer',
      apiManagementName: this.instance.instanceName,
      resourceGroupName: this.resourceGroup.name,
      firstName: 'Sandbox',
      lastName: 'Developer',
      email: literal(ownerEmail),
    });
    const { name: apiName } = this.echoApi;
    this.declaredProducts = products.map(
      (displayName) =>
        new OAuthProduct(this, `product-${slug(displayName)}`, {
          instance: this.instance,
          displayName,
          productId: slug(displayName),
          description: `${displayName} of sandbox ${name}`,
          apiNames: [apiName],
          tryPath: `/echo${OPERATION_PATH}`,
        }),
    );
    this.application = new MultiProductApplication(this, 'client', {
      instance: this.instance,
      displayName: `Sandbox ${name} ${names.unique}`,
      description: `Calls ${products.join(' and ')}`.slice(0, 1000),
      ownerUserId: this.developer.id,
      products: this.declaredProducts,
    });
    this.keyVault = this.declareKeyVault(names.keyVault, location, tags);
    this.manifest = new AccessManifest(this, 'access', { applications: [this.application] });
    for (const child of [this.resourceGroup, this.instance.node.defaultChild, this.keyVault]) {
      keepExpiry(child as TerraformResource);
    }
    const source = sourceLine();
    for (const block of this.node.children.filter((child) => TerraformResource.isTerraformResource(child))) {
      recordSource(block, source);
    }
  }

  /** The products, in the order of `products`. */
  public get products(): OAuthProduct[] {
    return [...this.declaredProducts];
  }

  private declareEchoApi(): ApiManagementApi {
    const api = new ApiManagementApi(this, 'echo', {
      name: 'echo',
      resourceGroupName: this.resourceGroup.name,
      apiManagementName: this.instance.instanceName,
      revision: '1',
      displayName: 'Echo',
      path: 'echo',
      protocols: ['https'],
      // Without it, the API would serve a caller without a key and a token, past all products.
      subscriptionRequired: true,
    });
    const place = {
      apiName: api.name,
      apiManagementName: this.instance.instanceName,
      resourceGroupName: this.resourceGroup.name,
    };
    const operation = new ApiManagementApiOperation(this, 'echo-resource', {
      ...place,
      operationId: 'get-resource',
      displayName: 'Get resource',
      method: 'GET',
      urlTemplate: OPERATION_PATH,
    });
    new ApiManagementApiPolicy(this, 'echo-policy', {
      ...place,
      xmlContent: policyXml(echoPolicy()),
      dependsOn: [operation],
    });
    return api;
  }

  private declareKeyVault(name: string, location: string, tags: { [name: string]: string }): KeyVault {
    const deployer = new DataAzurermClientConfig(this, 'deployer', {});
    const vault = new KeyVault(this, 'vault', {
      name,
      location,
      resourceGroupName: this.resourceGroup.name,
      tenantId: deployer.tenantId,
      skuName: 'standard',
      softDeleteRetentionDays: 7,
      purgeProtectionEnabled: false,
      // An access policy is effective at once. A role assignment takes minutes, and the first apply would fail.
      rbacAuthorizationEnabled: false,
      accessPolicy: [
        {
          tenantId: deployer.tenantId,
          objectId: deployer.objectId,
          secretPermissions: ['Get', 'List', 'Set', 'Delete', 'Recover', 'Purge'],
        },
      ],
      tags,
    });
    this.application.storeClientSecret({ keyVaultId: vault.id, secretName: 'client-secret' });
    return vault;
  }
}

interface CheckedProps {
  readonly ownerEmail: string;
  readonly subscriptionId: string;
  readonly name: string;
  readonly location: string;
  readonly ttlDays: number;
  readonly products: string[];
}

function validate(path: string, props: CheckedProps): void {
  const problems = new Problems(path);
  const named: [keyof CheckedProps, string, limits.Check<string>][] = [
    ['ownerEmail', props.ownerEmail, problemOfOwner],
    ['subscriptionId', props.subscriptionId, limits.guid],
    ['name', props.name, problemOfName],
    ['location', props.location, limits.location],
  ];
  for (const [prop, value, check] of named) {
    problems.add(
      prop,
      Token.isUnresolved(value) ? 'must not be a token, since the names of the sandbox are made from it' : check(value),
    );
  }
  problems.add(
    'ttlDays',
    Token.isUnresolved(props.ttlDays) ? 'must not be a token' : limits.wholeNumber(1, 365)(props.ttlDays),
  );
  problems.add('products', problemOfProducts(props.products));
  problems.throwIfAny();
}

const PUBLISHER = '+publisher';

/** The publisher's address is made from the owner's and has the same limit. */
const problemOfOwner: limits.Check<string> = (email) =>
  limits.emailAddress(email) ??
  (limits.emailAddress(publisherAddress(email)) &&
    `must have at most ${100 - PUBLISHER.length} characters, since ${PUBLISHER} is added for the publisher, got ${limits.shown(email)}`);

const problemOfName = limits.matching(
  SANDBOX_NAME,
  'start with a letter and have at most 40 letters, digits and dashes',
);

const problemOfProducts: limits.Check<string[]> = (displayNames) => {
  if (Token.isUnresolved(displayNames)) {
    return 'must not be a token, since each product is declared under its name';
  }
  return limits.listOf(problemOfProduct, { least: 1, ignoreCase: true })(displayNames) ?? problemOfIds(displayNames);
};

const problemOfProduct: limits.Check<string> = (displayName) => {
  if (Token.isUnresolved(displayName)) {
    return 'must not contain a token, since each product is declared under its name';
  }
  return limits.textOf(1, 300)(displayName);
};

interface SandboxNames {
  readonly unique: string;
  readonly resourceGroup: string;
  readonly instance: string;
  readonly keyVault: string;
}

/** Products are declared under the ids that are made from their names. */
function problemOfIds(displayNames: string[]): string | undefined {
  const byId = new Map<string, string>();
  for (const displayName of displayNames) {
    const id = slug(displayName);
    const other = byId.get(id);
    const problem = limits.productId(id);
    if (id === '') {
      return `must have a letter or digit in each name, got ${limits.shown(displayName)}`;
    }
    if (other !== undefined) {
      return `must have different ids, got ${limits.shown(id)} for ${limits.shown(other)} and ${limits.shown(displayName)}`;
    }
    if (problem !== undefined) {
      return `${problem} as the id made from ${limits.shown(displayName)}; give a shorter name`;
    }
    byId.set(id, displayName);
  }
  return undefined;
}

/** Names that need to be unique worldwide end in a digest of everything in which two sandboxes differ. */
function namesOf(subscriptionId: string, ownerEmail: string, name: string, location: string): SandboxNames {
  const unique = digest(
    12,
    subscriptionId.toLowerCase(),
    ownerEmail.toLowerCase(),
    name,
    location.toLowerCase().replace(/ /g, ''),
  );
  const label = slug(name);
  return {
    unique,
    resourceGroup: `rg-${label}-${unique}`,
    instance: `apim-${label.slice(0, 30)}-${unique}`.replace(/--+/g, '-'),
    keyVault: `kv-${label.slice(0, 8)}-${unique}`.replace(/--+/g, '-'),
  };
}

/** The publisher becomes a user of the instance, and no two users may have the same address. */
function publisherAddress(ownerEmail: string): string {
  const at = ownerEmail.lastIndexOf('@');
  return `${ownerEmail.slice(0, at)}${PUBLISHER}${ownerEmail.slice(at)}`;
}

function keepExpiry(resource: TerraformResource): void {
  resource.lifecycle = { ignoreChanges: ['tags["expires-on"]'] };
}
