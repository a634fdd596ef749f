import { ApiManagementProductGroup } from '@cdktf/provider-azurerm/lib/api-management-product-group';
import { Annotations, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { claimName, holderOf, InstanceName } from '../instance/instance-identity';
import { noteRoleUsage } from '../instance/role-usage';
import { importProduct } from './imported-product';
import { RegisteredOAuthProduct, RegisteredOAuthProductAttributes } from './registered-oauth-product';
import { eachOf } from '../terraform/each-of';
import { resolvedText } from '../terraform/resolved-text';
import { sourceLine } from '../terraform/source-line';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { checkClientLimits } from './client-limits';
import { ExistingProduct } from './existing-product';
import { MadeProduct } from './made-product';
import { IOAuthProduct } from './oauth-product-reference';
import { ProductApis } from './product-apis';
import { ProductAuthorization } from './product-authorization';
import { ExistingOAuthProductProps, OAuthProductProps } from './product-options';
import { productFacts } from './product-facts';
import { ProductRegistration, productTies } from './product-registration';
import { placeOf, ProductBlocks, ProductSettings, ProductSource } from './product-source';
import { ReadOAuthProduct, ReadOAuthProductAttributes } from './read-oauth-product';
import { problemOfId } from '../validation/construct-id';
import { inFramework } from '../validation/framework';

/** Marks settings of a product that exists. */
const ON_EXISTING = Symbol('on existing');

/**
 * A product of an API Management instance that applications call with OAuth 2.0 client-credentials tokens.
 *
 * The product is created in one request that carries its authentication type, so it is never open.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export class OAuthProduct extends Construct implements IOAuthProduct {
  /**
   * Switches application based access on for a product that something else made, such as the built-in Starter. It
   * writes only the props that are given. Removing the construct restores the former access to the product, and each
   * former text and state.
   *
   * Fails when a name, text or limit is malformed, or another resource that manages the product would open it; all
   * mistakes are reported at once.
   */
  public static onExisting(scope: Construct, id: string, props: ExistingOAuthProductProps): OAuthProduct {
    const settings = shapes.settings(props) === undefined ? { ...props, [ON_EXISTING]: true } : props;
    return new OAuthProduct(scope, id, settings as unknown as OAuthProductProps);
  }

  /**
   * Reads a product that another stack declares or that was made by hand. The plan fails if application based access is
   * off.
   *
   * Fails when a name is malformed.
   */
  public static fromProductId(scope: Construct, id: string, attrs: ReadOAuthProductAttributes): IOAuthProduct {
    return new ReadOAuthProduct(scope, id, attrs);
  }

  /**
   * A product whose ids are known, such as one that another team enforces by policy, whose ids cannot be read from
   * Azure. Terraform neither reads nor writes the product; it only grants it to clients.
   *
   * Fails when a name or id is malformed.
   */
  public static fromRegistration(scope: Construct, id: string, attrs: RegisteredOAuthProductAttributes): IOAuthProduct {
    return new RegisteredOAuthProduct(scope, id, attrs);
  }

  /** Instance that the product belongs to. */
  public readonly instance: IApimInstance;
  /** Id of the product. */
  public readonly productId: string;
  /** Azure resource id of the product. */
  public readonly resourceId: string;
  /** Display name. */
  public readonly displayName: string;
  /** Path at which an API of the product can be tried. */
  public readonly tryPath?: string;
  /** Whether API Management's own client applications can be linked to the product. */
  public readonly acceptsProductLinks?: boolean;

  private readonly registration: ProductRegistration;
  private readonly apis: ProductApis;

  /**
   * Declares the product.
   *
   * Fails when a name, text, list or limit is malformed, the instance's tier lacks a required feature or another
   * product has the id or the name; all mistakes are reported at once.
   */
  public constructor(scope: Construct, id: string, props: OAuthProductProps) {
    super(inFramework(scope, id), id);
    refuse(this.node.path, 'props', shapes.settings(props));
    const authorization = props.authorization ?? ProductAuthorization.apimManaged();
    refuse(this.node.path, 'authorization', shapes.authorization(authorization));
    const { _kind: kind } = authorization;
    const source = isOnExisting(props) ? new ExistingProduct(props, kind) : new MadeProduct(props, kind, id);
    checkProduct(this, source, authorization);

    noteRoleUsage(props.instance, kind.needsDirectoryRole);
    this.instance = props.instance;
    this.productId = source.productId;
    this.displayName = props.displayName;
    this.tryPath = props.tryPath;
    this.acceptsProductLinks = kind.enforcedBy === 'gateway';
    productFacts.keep(this, {
      authorization: kind.name,
      acceptSubscriptionKey: source.acceptSubscriptionKey,
      source: sourceLine(),
    });

    const bound = kind.bind({
      scope: this,
      instance: props.instance,
      productId: source.productId,
      displayName: props.displayName,
      acceptSubscriptionKey: source.acceptSubscriptionKey,
      reviewRegistration: props.reviewRegistration ?? true,
    });
    const blocks = source.declare(this, bound);
    this.resourceId = blocks.id;
    this.registration = bound.register(blocks);
    const { followsProduct, isAlwaysThere } = this.registration;
    productTies.keep(this, { followsProduct, isAlwaysRegistered: isAlwaysThere, beforeClients: blocks.beforeClients });
    declareGroups(this, props.instance, blocks, props.groupNames ?? []);
    this.apis = new ProductApis(this, props.instance, kind.enforcedBy === 'policy', blocks, source.exclusiveApis);
    for (const name of source.apiNames) {
      this.apis.link(name);
    }
    this.node.addValidation({
      validate: () => [...this.apis.problems(), ...groupsReferencedTwice(this, props.groupNames ?? [])],
    });
  }

  /** Application (client) id of the product's application in Entra, a GUID. */
  public get applicationId(): string {
    return this.registration.applicationId;
  }

  /** Audience of tokens for the product, `api://<application id>`. */
  public get audience(): string {
    return this.registration.audience;
  }

  /** Scope to request a token for, `<audience>/.default`. */
  public get scope(): string {
    return this.registration.scope;
  }

  /** Value of the product's app role, which tokens carry in `roles`. */
  public get appRoleValue(): string {
    return this.registration.appRoleValue;
  }

  /** Id of the product's app role, a GUID. */
  public get appRoleId(): string {
    return this.registration.appRoleId;
  }

  /** Object id of the service principal of the product's application, a GUID. */
  public get servicePrincipalId(): string {
    return this.registration.servicePrincipalId;
  }

  /**
   * Gives access to one more API.
   *
   * @param name name of the API; malformed or given twice is an error
   */
  public addApi(name: string): void {
    const problem =
      limits.apiName(name) ??
      (this.apis.has(name) ? `must not be given twice, got ${limits.shown(name)} again` : undefined);
    refuse(`${this.node.path}.addApi`, 'name', problem);
    this.apis.link(name, sourceLine());
  }

  /**
   * Imports an existing product, with its links to the APIs and groups that are declared so far, and its policy if one
   * is declared. If the declaration matches Azure, the plan changes nothing.
   *
   * @param resourceId Azure resource id of the product; malformed, or together with names that are tokens, is an error
   */
  public importFrom(resourceId: string): void {
    importProduct(this, resourceId);
  }
}

function isOnExisting(props: object): props is ExistingOAuthProductProps {
  return ON_EXISTING in props;
}

/** Throws everything that is wrong with a product, before anything of it is declared. */
function checkProduct(product: Construct, source: ProductSource, authorization: ProductAuthorization): void {
  const { settings } = source;
  const problems = new Problems(product.node.path);
  problems.add('id', problemOfId(product));
  const problemOfInstance = shapes.instance(settings.instance);
  problems.add('instance', problemOfInstance);
  problems.add('displayName', limits.textOf(1, 300)(settings.displayName));
  source.check(product, problems);
  checkOptions(settings, problems);
  if (problemOfInstance === undefined) {
    for (const [prop, problem] of authorization._kind.check(settings.instance, settings.displayName)) {
      problems.add(prop, problem);
    }
  }
  checkClientLimits(problems, settings.clientRateLimit, settings.clientQuota, settings.instance?.sku);
  problems.throwIfAny();
  claimNames(product, source);
  if (settings.published === false) {
    Annotations.of(product).addWarning(
      'published: the product is not published, so no application can call it; set published to true when it is ready',
    );
  }
}

function checkOptions(settings: ProductSettings, problems: Problems): void {
  problems.optional('groupNames', settings.groupNames, limits.listOf(limits.groupName, { least: 0, ignoreCase: true }));
  problems.optional('description', settings.description, limits.textOf(0, 1000));
  problems.optional('terms', settings.terms, limits.text);
  problems.optional('tryPath', settings.tryPath, limits.gatewayPath);
  for (const name of ['published', 'acceptSubscriptionKey', 'exclusiveApis', 'reviewRegistration'] as const) {
    const flag = (settings as OAuthProductProps)[name];
    problems.optional(name, flag, shapes.flag);
  }
}

/** No two products of an instance have one id or one name. */
function claimNames(product: Construct, source: ProductSource): void {
  const { instance, displayName } = source.settings;
  const name = (prop: string, value: string): InstanceName => ({ instance, kind: `product ${prop}`, name: value });
  const claims = [
    { prop: 'productId', name: name('productId', source.productId), own: 'an id of its own' },
    { prop: 'displayName', name: name('displayName', displayName), own: 'a name of its own, as Azure wants it' },
  ];
  for (const claim of claims) {
    const holder = holderOf(claim.name);
    const problem =
      holder &&
      `${limits.shown(claim.name.name)} is declared by ${holder} already; give each product of an instance ${claim.own}`;
    refuse(product.node.path, claim.prop, problem);
  }
  claims.forEach((claim) => claimName(product, claim.name));
}

function declareGroups(product: Construct, instance: IApimInstance, blocks: ProductBlocks, names: string[]): void {
  if (names.length === 0) {
    return;
  }
  const groups = new ApiManagementProductGroup(product, 'groups', {
    ...placeOf(instance, blocks.name, blocks.lifecycle),
    groupName: '${each.key}',
  });
  groups.addOverride('for_each', eachOf(names));
}

/** Two references to one name are different tokens; their values are known at the end. */
function groupsReferencedTwice(product: Construct, names: readonly string[]): string[] {
  if (Token.isUnresolved(names)) {
    return [];
  }
  const texts = names.map((name) => resolvedText(product, name));
  const twice = texts.filter((text, at) => texts.indexOf(text) < at);
  return twice.map((text) => `groupNames: must not contain the same value twice, got ${limits.shown(text)} again`);
}
