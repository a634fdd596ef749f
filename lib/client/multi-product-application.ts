import { ITerraformDependable, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { BoundRegistration } from './registered-client';
import { ClientRegistration } from './client-registration';
import { claimName, holderOf, instanceLabel, InstanceName, isAnother, isForeign } from '../instance/instance-identity';
import { IOAuthProduct } from '../product/oauth-product-reference';
import { productFacts } from '../product/product-facts';
import { literal } from '../terraform/expression';
import { sourceLine } from '../terraform/source-line';
import * as limits from '../validation/limits';
import { slug } from '../names/names';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { noteRoleUsage } from '../instance/role-usage';
import { claimSecrets, secretId } from './secret-claims';
import { problemOfId } from '../validation/construct-id';
import { inFramework } from '../validation/framework';

/** Settings of `MultiProductApplication`. */
export interface MultiProductApplicationProps {
  /** Instance that the client and all of its products belong to. */
  readonly instance: IApimInstance;

  /** Display name. Entra's application is named `APIMApplication<display name>`, at most 120 characters. */
  readonly displayName: string;

  /**
   * Products that the client may call; `grantAccess` adds more. At least one in total, without duplicates.
   * @default - none yet
   */
  readonly products?: IOAuthProduct[];

  /**
   * Full resource id of the user of the instance who owns the client and sees its credentials in the developer portal. A
   * client with `ClientRegistration.entra()` has no owner in API Management; its application names the user in a note.
   * @default - none; required for `ClientRegistration.apimManaged()`
   */
  readonly ownerUserId?: string;

  /**
   * Name of the client in Azure Resource Manager, at most 256 characters. A change replaces the client.
   * @default - the construct's id in lower case with dashes between words, so that its display name can change
   */
  readonly applicationName?: string;

  /**
   * Description, at most 1,000 characters.
   * @default - none
   */
  readonly description?: string;

  /**
   * Who owns the client's application in Entra.
   * @default ClientRegistration.apimManaged()
   */
  readonly registration?: ClientRegistration;
}

/** Where `storeClientSecret` puts the secret. */
export interface ClientSecretStore {
  /** Full resource id of the Key Vault. */
  readonly keyVaultId: string;

  /**
   * Name of the secret: letters, digits and dashes, at most 127. It names the block in Terraform, so it must not be a
   * token.
   */
  readonly secretName: string;

  /**
   * Raise it to make and store another secret. A whole number of at least 1.
   * @default 1
   */
  readonly version?: number;

  /**
   * What must be created first, such as the role assignment that lets the deployer write to the vault.
   * @default - nothing
   */
  readonly dependsOn?: ITerraformDependable[];
}

const LONGEST_ENTRA_NAME = 120;
const ENTRA_PREFIX = 'APIMApplication';

/**
 * One client application that may call several products.
 *
 * Each grant has an address that names its product: granting or withdrawing one is one create or delete in the plan and
 * changes nothing about the credential.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export class MultiProductApplication extends Construct {
  /** Instance that the client belongs to. */
  public readonly instance: IApimInstance;
  /** Name of the client in Azure Resource Manager. */
  public readonly applicationName: string;
  /** Display name. */
  public readonly displayName: string;

  private readonly kind: ClientRegistration;
  private readonly registration: BoundRegistration;
  private readonly source?: string;
  private readonly grants = new Map<string, IOAuthProduct>();
  private imported?: Set<string>;

  /**
   * Declares the client and its grants.
   *
   * Fails when a name or id is malformed, a product belongs to another instance, is given twice or is of a kind that
   * the registration cannot be granted, or the owner is missing; all mistakes are reported at once. Without any
   * product, synthesis fails.
   */
  public constructor(scope: Construct, id: string, props: MultiProductApplicationProps) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'props', shapes.settings(props));
    const { registration = ClientRegistration.apimManaged(), products = [] } = props;
    this.kind = registration;
    this.instance = props.instance;
    this.displayName = props.displayName;
    this.applicationName = props.applicationName ?? slug(id);
    this.validate(props);
    this.source = sourceLine();

    noteRoleUsage(props.instance, this.kind._needsDirectoryRole);
    this.registration = this.kind._bind({
      scope: this,
      instance: props.instance,
      applicationName: this.applicationName,
      displayName: props.displayName,
      description: props.description,
      ownerUserId: props.ownerUserId,
      source: this.source,
      grants: this.grants,
    });
    for (const product of products) {
      this.grant(product);
    }
    this.node.addValidation({
      validate: () =>
        this.grants.size > 0
          ? []
          : ['products: the application is granted no product; give products or call grantAccess'],
    });
  }

  /** Client id, a GUID. */
  public get clientId(): string {
    return this.registration.clientId;
  }

  /** Entra tenant, a GUID. */
  public get tenantId(): string {
    return this.registration.tenantId;
  }

  /** Token endpoint of the client, `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`. */
  public get tokenEndpoint(): string {
    return `https://login.microsoftonline.com/${this.tenantId}/oauth2/v2.0/token`;
  }

  /**
   * Lets the client call one more product.
   *
   * @param product a product of the same instance; one of another instance, one that is granted already, or one of a
   * kind that the registration cannot be granted is an error
   */
  public grantAccess(product: IOAuthProduct): void {
    refuse(`${this.node.path}.grantAccess`, 'product', this.problemOf(product));
    this.grant(product, sourceLine());
  }

  /**
   * Imports an existing grant, such as one made in the portal.
   *
   * @param product a product that is granted here
   * @param id Azure resource id of the product link; for `ClientRegistration.entra()` the id of the app role assignment,
   * `/servicePrincipals/<object id>/appRoleAssignedTo/<id>`
   */
  public importGrant(product: IOAuthProduct, id: string): void {
    refuse(`${this.node.path}.importGrant`, 'product', shapes.product(product));
    const key = grantKey(product);
    const problem = this.grants.has(key) ? undefined : `${product.node.path} is not granted; call grantAccess first`;
    refuse(`${this.node.path}.importGrant`, 'product', problem);
    refuse(`${this.node.path}.importGrant`, 'id', this.registration.problemOfGrantId(id));
    const again = this.imported?.has(key)
      ? `${product.node.path} is imported already; give each product once`
      : undefined;
    refuse(`${this.node.path}.importGrant`, 'product', again);
    this.imported = new Set(this.imported).add(key);
    this.registration.importGrant(key, id);
  }

  /**
   * Imports an existing client application, with `ClientRegistration.apimManaged()`. `importGrant` imports its grants.
   *
   * @param resourceId Azure resource id of the client application; malformed, given twice or for another registration is an
   * error
   */
  public importFrom(resourceId: string): void {
    const where = `${this.node.path}.importFrom`;
    if (this.registration.importFrom === undefined) {
      throw new Error(
        `${where}: registration: only ClientRegistration.apimManaged() is one object that can be imported; use ClientRegistration.existing() for an application that exists in Entra`,
      );
    }
    refuse(where, 'resourceId', limits.clientApplicationId(resourceId));
    this.registration.importFrom(resourceId);
  }

  /**
   * Stores the client secret in Key Vault. It is in no state, no plan and no output. Needs Terraform 1.11, and is for
   * clients with `ClientRegistration.apimManaged()`.
   *
   * Fails when the vault's id, the name or the version is malformed, or the program already stores a secret of that
   * name in the vault.
   */
  public storeClientSecret(store: ClientSecretStore): void {
    const where = `${this.node.path}.storeClientSecret`;
    const { registration } = this;
    if (registration.storeSecret === undefined) {
      throw new Error(
        `${where}: registration: only ClientRegistration.apimManaged() has a client secret to store; credentials of ClientRegistration.entra() name their own vault`,
      );
    }
    refuse(where, 'store', shapes.settings(store));
    const problems = new Problems(where);
    problems.add('keyVaultId', limits.keyVaultId(store.keyVaultId));
    problems.add(
      'secretName',
      limits.literalOnly(limits.secretName, 'it names the block in Terraform')(store.secretName),
    );
    problems.optional('version', store.version, limits.wholeNumber(1));
    problems.optional('dependsOn', store.dependsOn, shapes.list);
    problems.throwIfAny();
    refuse(where, 'secretName', claimSecrets(this, [store]));
    registration.storeSecret({
      id: secretId(store.keyVaultId, store.secretName),
      keyVaultId: store.keyVaultId,
      secretName: store.secretName,
      version: store.version ?? 1,
      dependsOn: [...(store.dependsOn ?? [])],
      source: sourceLine(),
    });
  }

  /** What the access manifest says of the client. @internal */
  public _manifest(): { [name: string]: unknown } {
    const products = [...this.grants.values()].map((product) => {
      const { authorization, acceptSubscriptionKey, source } = productFacts.of(product) ?? {};
      const entry = {
        scope: product.scope,
        gatewayUrl: product.instance.gatewayUrl,
        path: product.tryPath && literal(product.tryPath),
        authorization,
        acceptSubscriptionKey,
        constructPath: literal(product.node.path),
        source: source && literal(source),
        // Nobody can read these from a product that a policy enforces; other teams grant it by
        // OAuthProduct.fromRegistration.
        registration: product.acceptsProductLinks === false ? registrationOf(product) : undefined,
      };
      return [product.productId, entry] as const;
    });
    return {
      clientId: this.clientId,
      tenantId: this.tenantId,
      tokenEndpoint: this.tokenEndpoint,
      credential: this.registration.credential(),
      products: Object.fromEntries(products),
      constructPath: literal(this.node.path),
      source: this.source && literal(this.source),
    };
  }

  private grant(product: IOAuthProduct, source?: string): void {
    const key = grantKey(product);
    this.grants.set(key, product);
    this.registration.granted({ key, product, source });
  }

  private validate(props: MultiProductApplicationProps): void {
    const problems = new Problems(this.node.path);
    problems.add('id', problemOfId(this));
    const problemOfInstance = shapes.instance(props.instance);
    problems.add('instance', problemOfInstance);
    problems.add('displayName', problemOfDisplayName(props.displayName));
    if (props.applicationName !== undefined) {
      problems.add('applicationName', limits.applicationName(props.applicationName));
    } else {
      problems.add('applicationName', problemOfDerivedName(this.node.id, this.applicationName));
    }
    problems.optional('description', props.description, limits.textOf(0, 1000));
    const problemOfKind = shapes.registration(this.kind);
    problems.add('registration', problemOfKind);
    if (problemOfInstance === undefined && problemOfKind === undefined) {
      problems.add('ownerUserId', this.problemOfOwner(props.ownerUserId));
      this.validateProducts(problems, props.products);
    }
    problems.throwIfAny();
    const name: InstanceName = { instance: props.instance, kind: 'application', name: this.applicationName };
    const holder = holderOf(name);
    const problem =
      holder &&
      `${limits.shown(this.applicationName)} is declared by ${holder} already; give each application of an instance a name of its own`;
    refuse(this.node.path, 'applicationName', problem);
    refuse(this.node.path, 'registration', claimSecrets(this, this.kind._secrets));
    claimName(this, name);
  }

  private validateProducts(problems: Problems, products: IOAuthProduct[] = []): void {
    const problemOfList = shapes.list(products);
    problems.add('products', problemOfList);
    if (problemOfList !== undefined) {
      return;
    }
    const keys: string[] = [];
    for (const product of products) {
      const problem = this.problemOf(product, keys);
      problems.add('products', problem);
      if (problem === undefined) {
        keys.push(grantKey(product));
      }
    }
  }

  private problemOfOwner(ownerUserId: string | undefined): string | undefined {
    if (ownerUserId === undefined) {
      return this.kind._needsOwnerUser
        ? 'is required for ClientRegistration.apimManaged(), give the full resource id of a user of the instance'
        : undefined;
    }
    const problem = limits.userId(ownerUserId);
    if (problem !== undefined) {
      return problem;
    }
    const owning = limits.instanceOfUserId(ownerUserId);
    if (owning === undefined || !isAnother(this.instance, owning.name, owning.resourceGroupName)) {
      return undefined;
    }
    return `must be a user of instance ${instanceLabel(this.instance)}, got one of ${owning.name}`;
  }

  private problemOf(product: IOAuthProduct, granted: Iterable<string> = this.grants.keys()): string | undefined {
    const problemOfShape = shapes.product(product);
    if (problemOfShape !== undefined) {
      return problemOfShape;
    }
    if (isForeign(this.instance, product.instance)) {
      return `${product.node.path} belongs to instance ${instanceLabel(product.instance)}, the application to ${instanceLabel(this.instance)}; both must belong to the same`;
    }
    const key = grantKey(product).toLowerCase();
    if ([...granted].some((other) => other.toLowerCase() === key)) {
      return `must not contain the same product twice, got ${product.node.path} again`;
    }
    const problem = this.kind._problemOf(product);
    return problem && `${product.node.path}: ${problem}`;
  }
}

function registrationOf(product: IOAuthProduct): { [name: string]: string } {
  return {
    applicationId: product.applicationId,
    appRoleId: product.appRoleId,
    appRoleValue: literal(product.appRoleValue),
    servicePrincipalObjectId: product.servicePrincipalId,
  };
}

/** The literal product id, which the address then names. If it is a token, the product's path in its stack. */
function grantKey(product: IOAuthProduct): string {
  if (!Token.isUnresolved(product.productId)) {
    return product.productId;
  }
  return product.node.path.slice(TerraformStack.of(product).node.path.length + 1);
}

function problemOfDisplayName(displayName: string): string | undefined {
  const most = LONGEST_ENTRA_NAME - ENTRA_PREFIX.length;
  const problem = limits.textOf(1, most)(displayName);
  return (
    problem &&
    `${problem}; Entra calls the application ${ENTRA_PREFIX}<display name>, at most ${LONGEST_ENTRA_NAME} characters`
  );
}

function problemOfDerivedName(id: string, derived: string): string | undefined {
  const problem = derived === '' ? 'no letter or digit is left of it' : limits.applicationName(derived);
  return problem && `cannot be made from the construct's id ${limits.shown(id)} (${problem}); give applicationName`;
}
