import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { ApiManagementProductGroup } from '@cdktf/provider-azurerm/lib/api-management-product-group';
import { ApiManagementProductPolicy } from '@cdktf/provider-azurerm/lib/api-management-product-policy';
import { Annotations, TerraformResource, TerraformResourceLifecycle, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { AzapiResource } from '../azapi/azapi-resource';
import { checkClientLimits, ClientQuota, ClientRateLimit } from './client-limits';
import { productFacts } from './product-facts';
import { ProductRegistration, rememberPrerequisites, rememberRegistration } from './product-registration';
import { declareExistingProductSetting } from './existing-product-setting';
import { claimName } from '../instance/instance-identity';
import { IOAuthProduct } from './oauth-product-reference';
import { eachOf } from '../terraform/each-of';
import { literal } from '../terraform/expression';
import * as limits from '../validation/limits';
import { slug } from '../names/names';
import { policyXml } from '../policy/policy-xml';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { clientLimits, productPolicy } from './product-policy';
import { sourceLine } from '../terraform/source-line';
import { BoundAuthorization, ProductAuthorization } from './product-authorization';
import { ReadOAuthProduct, ReadOAuthProductAttributes } from './read-oauth-product';
import { noteRoleUsage } from '../instance/role-usage';
import { late } from '../terraform/late';
import { addressOf } from '../terraform/rendering';
import { resolvedText } from '../terraform/resolved-text';

/** What products made here and products made elsewhere have in common. */
export interface OAuthProductOptions {
  /**
   * Description for developers, at most 1,000 characters.
   * @default - none
   */
  readonly description?: string;

  /**
   * Terms of use that a developer accepts when subscribing.
   * @default - none
   */
  readonly terms?: string;

  /**
   * Groups whose members see the product in the developer portal, by name. None twice.
   * @default - administrators only
   */
  readonly groupNames?: string[];

  /**
   * Who owns the product's application in Entra, and what enforces that callers have a token for it.
   * @default ProductAuthorization.apimManaged()
   */
  readonly authorization?: ProductAuthorization;

  /**
   * Calls that each client application may make in a short time. Needs a tier other than Consumption.
   * @default - no limit
   */
  readonly clientRateLimit?: ClientRateLimit;

  /**
   * What each client application may use in a long time. Needs the Developer, Basic, Standard or Premium tier.
   * @default - no quota
   */
  readonly clientQuota?: ClientQuota;

  /**
   * Path below the gateway at which an API of the product can be tried, such as `/echo/resource`, for the tools that
   * read the access manifest.
   * @default - none
   */
  readonly tryPath?: string;

  /**
   * Say on every plan when the application that API Management registered, its service principal or its app role is
   * missing or was changed. Planning then reads the application from Entra, and fails where it is missing altogether.
   * @default true
   */
  readonly reviewRegistration?: boolean;
}

/** Settings of `OAuthProduct`. */
export interface OAuthProductProps extends OAuthProductOptions {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Name for people, 1 to 300 characters. Entra's application is called after it. */
  readonly displayName: string;

  /** Names of the APIs that the product gives access to: one or more, none twice. */
  readonly apiNames: string[];

  /**
   * Id of the product: letters, digits, dashes and underscores, at most 80 characters. Changing it replaces the product.
   * @default - the display name in lower case with dashes between words; needed where that is a token
   */
  readonly productId?: string;

  /**
   * Whether developers can see the product. Unpublished it cannot be called; that is a warning.
   * @default true
   */
  readonly published?: boolean;

  /**
   * Let callers come with a subscription key instead of a token.
   * @default false
   */
  readonly acceptSubscriptionKey?: boolean;
}

/** Settings of `OAuthProduct.onExisting`. What is left out is not written. */
export interface ExistingOAuthProductProps extends OAuthProductOptions {
  /** Instance that the product belongs to. */
  readonly instance: IApimInstance;

  /** Id of the product. */
  readonly productId: string;

  /** Name that the product has. It is not written; Entra's application is called after it. */
  readonly displayName: string;

  /**
   * Whether developers can see the product.
   * @default - as it is
   */
  readonly published?: boolean;

  /**
   * Let callers come with a subscription key instead of a token.
   * @default true - so that nobody who has a key is cut off
   */
  readonly acceptSubscriptionKey?: boolean;

  /**
   * The resource of the same stack that manages the product, such as an `ApiManagementProduct`. Whenever that writes the
   * product it switches application based access off; named here, the setting is written again in the same apply.
   * @default - no resource of this stack manages the product
   */
  readonly managedBy?: TerraformResource;
}

/** What everything that belongs to a product says of it. */
interface ProductPlace {
  readonly apiManagementName: string;
  readonly resourceGroupName: string;
  readonly productId: string;
  readonly lifecycle?: TerraformResourceLifecycle;
}

/** What only a product that something else made has among its settings. */
type ManagedElsewhere = Pick<ExistingOAuthProductProps, 'managedBy'>;

/** What a product's block in Terraform offers, whichever kind it is. */
interface ProductBlock {
  readonly id: string;
  output(name: string): string;
}

/**
 * A product of an API Management instance that applications call with OAuth 2.0 client-credentials tokens.
 *
 * The product is created in one request that carries its authentication type: at no moment is it open.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export class OAuthProduct extends Construct implements IOAuthProduct {
  /**
   * Switches application based access on for a product that something else made, such as the built-in Starter. Only
   * what is given is written. Taking the construct away writes the former authentication type back.
   *
   * Fails when a name, text or limit is malformed; all mistakes are reported at once.
   */
  public static onExisting(scope: Construct, id: string, props: ExistingOAuthProductProps): OAuthProduct {
    return new ExistingOAuthProduct(scope, id, props);
  }

  /**
   * Reads a product that another stack declares or that was made by hand. The plan fails where application based access
   * is off.
   *
   * Fails when a name is malformed.
   */
  public static fromProductId(scope: Construct, id: string, attrs: ReadOAuthProductAttributes): IOAuthProduct {
    return new ReadOAuthProduct(scope, id, attrs);
  }

  /** Instance that the product belongs to. */
  public readonly instance: IApimInstance;
  /** Id of the product. */
  public readonly productId: string;
  /** Azure resource id of the product. */
  public readonly resourceId: string;
  /** Name for people. */
  public readonly displayName: string;
  /** Path at which an API of the product can be tried. */
  public readonly tryPath?: string;
  /** Whether API Management's own client applications can be linked to the product. */
  public readonly acceptsProductLinks?: boolean;

  private readonly registration: ProductRegistration;
  private readonly apiNames: string[] = [];
  private productName: string;
  private replacement?: TerraformResourceLifecycle;
  private policy?: ApiManagementProductPolicy;

  /**
   * Declares the product.
   *
   * Fails when a name, text, list or limit is malformed or the instance's tier lacks what is asked for; all mistakes
   * are reported at once.
   */
  public constructor(scope: Construct, id: string, props: OAuthProductProps) {
    super(scope, id);
    const { authorization = ProductAuthorization.apimManaged() } = props;
    const productId =
      props.productId ?? slug(Token.isUnresolved(props.displayName) ? '' : String(props.displayName ?? ''));
    this.validate(props, productId, authorization);
    if (props.published === false) {
      Annotations.of(this).addWarning(
        'published: the product is not published, so no application can call it; set published to true when it is ready',
      );
    }
    authorization._warn(this, props.instance);

    noteRoleUsage(props.instance, authorization._needsDirectoryRole);
    this.instance = props.instance;
    this.productId = productId;
    this.productName = productId;
    this.displayName = props.displayName;
    this.tryPath = props.tryPath;
    this.acceptsProductLinks = authorization._acceptsProductLinks;
    productFacts.keep(this, {
      authorization: authorization._kind,
      acceptSubscriptionKey: props.acceptSubscriptionKey ?? false,
      source: sourceLine(),
    });

    const bound = authorization._bind({
      scope: this,
      instance: props.instance,
      productId,
      displayName: props.displayName,
      acceptSubscriptionKey: props.acceptSubscriptionKey ?? false,
      reviewRegistration: props.reviewRegistration ?? true,
    });
    const block = this._declare(props, bound);
    this.resourceId = block.id;
    this.registration = bound.register(block);
    rememberRegistration(this, this.registration);
    this._declarePolicy(props, bound);
    this.declareGroups(props.groupNames ?? []);
    for (const name of props.apiNames) {
      this.linkApi(name);
    }
    this.node.addValidation({
      validate: () => [
        ...this.referencedTwice('apiNames', this.apiNames),
        ...this.referencedTwice('groupNames', props.groupNames ?? []),
      ],
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

  /** Scope to ask a token for, `<audience>/.default`. */
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
    const isLinked = (): boolean => this.apiNames.some((linked) => sameName(linked, name));
    const problem =
      limits.apiName(name) ?? (isLinked() ? `must not be given twice, got ${limits.shown(name)} again` : undefined);
    refuse(`${this.node.path}.addApi`, 'name', problem);
    this.linkApi(name);
  }

  /** Whether this construct creates the product. @internal */
  protected get _isMadeHere(): boolean {
    return true;
  }

  /** @internal */
  protected _validateMore(_props: OAuthProductProps & ManagedElsewhere, _problems: Problems): void {
    // Nothing more for a product that is made here.
  }

  /** @internal */
  protected _declare(props: OAuthProductProps, bound: BoundAuthorization): ProductBlock {
    const product = new AzapiResource(this, 'Default', {
      type: bound.type,
      parentId: props.instance.instanceId,
      name: this.productId,
      body: {
        properties: {
          displayName: literal(props.displayName),
          ...textProperties(props),
          state: stateOf(props.published ?? true),
          ...bound.properties,
        },
      },
      responseExportValues: bound.exports,
      replaceTriggersExternalValues: bound.enforcedBy,
      // API Management subscribes the administrator by itself and then refuses to delete the product.
      deleteQueryParameters: { deleteSubscriptions: ['true'] },
      retry: bound.retry,
      dependsOn: bound.dependsOn,
      source: sourceLine(),
    });
    this.productName = product.name;
    // Azure drops what belongs to a product with it. Edited in place it keeps its id, and nothing of this is replaced.
    this.replacement = { replaceTriggeredBy: [`${addressOf(product)}.id`] };
    return product;
  }

  /** The product's policy, where there is anything to say. @internal */
  protected _declarePolicy(
    props: OAuthProductOptions,
    bound: BoundAuthorization,
  ): ApiManagementProductPolicy | undefined {
    const limiting = clientLimits({
      productId: this.productId,
      rate: props.clientRateLimit,
      quota: props.clientQuota,
    });
    const inbound = [...bound.inbound(limiting.length > 0), ...limiting];
    if (inbound.length === 0) {
      return undefined;
    }
    this.policy ??= new ApiManagementProductPolicy(this, 'policy', {
      ...this.place(),
      // Of a product that exists, the policy goes only after the setting has changed that made it needed.
      ...(this._isMadeHere ? {} : { lifecycle: { createBeforeDestroy: true } }),
      xmlContent: policyXml(productPolicy(inbound, bound.sections)),
    });
    return this.policy;
  }

  private validate(props: OAuthProductProps, productId: string, authorization: ProductAuthorization): void {
    const problems = new Problems(this.node.path);
    const problemOfInstance = shapes.instance(props.instance);
    problems.add('instance', problemOfInstance);
    problems.add('displayName', limits.textOf(1, 300)(props.displayName));
    const isDerived = props.productId === undefined && this._isMadeHere;
    problems.add(
      'productId',
      isDerived ? problemOfDerivedId(props.displayName, productId) : limits.productId(props.productId!),
    );
    problems.add(
      'apiNames',
      limits.listOf(limits.apiName, { least: this._isMadeHere ? 1 : 0, ignoreCase: true })(props.apiNames),
    );
    if (props.groupNames !== undefined) {
      problems.add('groupNames', limits.listOf(limits.groupName, { least: 0, ignoreCase: true })(props.groupNames));
    }
    if (props.description !== undefined) {
      problems.add('description', limits.textOf(0, 1000)(props.description));
    }
    if (props.terms !== undefined) {
      problems.add('terms', limits.text(props.terms));
    }
    if (props.tryPath !== undefined) {
      problems.add('tryPath', limits.gatewayPath(props.tryPath));
    }
    for (const name of ['published', 'acceptSubscriptionKey', 'reviewRegistration'] as const) {
      if (props[name] !== undefined) {
        problems.add(name, shapes.flag(props[name]));
      }
    }
    const problemOfAuthorization = shapes.authorization(authorization);
    problems.add('authorization', problemOfAuthorization);
    if (problemOfInstance === undefined && problemOfAuthorization === undefined) {
      problems.add('authorization', authorization._problem(props.instance, props.displayName));
    }
    checkClientLimits(problems, props.clientRateLimit, props.clientQuota, props.instance?.sku);
    this._validateMore(props, problems);
    problems.throwIfAny();
    const holder = claimName(props.instance, 'product', productId, this.node.path);
    if (holder !== undefined) {
      refuse(
        this.node.path,
        'productId',
        `${limits.shown(productId)} is declared by ${holder} already; give each product of an instance an id of its own`,
      );
    }
  }

  private declareGroups(names: string[]): void {
    if (names.length === 0) {
      return;
    }
    const groups = new ApiManagementProductGroup(this, 'groups', { ...this.place(), groupName: '${each.key}' });
    groups.addOverride('for_each', eachOf(names));
  }

  private linkApi(name: string): void {
    this.apiNames.push(name);
    if (this.apiNames.length > 1) {
      return;
    }
    const apis = new ApiManagementProductApi(this, 'apis', {
      ...this.place(),
      apiName: '${each.key}',
      // No API is reachable through the product before its policy is.
      dependsOn: this.policy && [this.policy],
    });
    apis.addOverride(
      'for_each',
      late(() => eachOf(this.apiNames)),
    );
  }

  /** Two references to one name are different tokens; what they stand for is known at the end. */
  private referencedTwice(prop: string, names: readonly string[]): string[] {
    if (Token.isUnresolved(names)) {
      return [];
    }
    const texts = names.map((name) => resolvedText(this, name));
    const twice = texts.filter((text, at) => texts.indexOf(text) < at);
    return twice.map((text) => `${prop}: must not hold the same value twice, got ${limits.shown(text)} again`);
  }

  private place(): ProductPlace {
    const { instanceName, resourceGroupName } = this.instance;
    return {
      apiManagementName: instanceName,
      resourceGroupName,
      productId: this.productName,
      lifecycle: this.replacement,
    };
  }
}

/** A product that something else made: its setting is written, and put back when the construct goes. */
class ExistingOAuthProduct extends OAuthProduct {
  public constructor(scope: Construct, id: string, props: ExistingOAuthProductProps) {
    super(scope, id, {
      ...props,
      apiNames: [],
      acceptSubscriptionKey: props.acceptSubscriptionKey === undefined ? true : props.acceptSubscriptionKey,
    });
  }

  protected override get _isMadeHere(): boolean {
    return false;
  }

  protected override _validateMore({ managedBy }: OAuthProductProps & ManagedElsewhere, problems: Problems): void {
    if (managedBy === undefined) {
      return;
    }
    const problem = shapes.resource(managedBy);
    problems.add('managedBy', problem);
    if (problem !== undefined || managedBy.cdktfStack === TerraformStack.of(this)) {
      return;
    }
    problems.add('managedBy', `must be a resource of the same stack, got ${managedBy.node.path}; leave it out`);
  }

  protected override _declare(props: OAuthProductProps & ManagedElsewhere, bound: BoundAuthorization): ProductBlock {
    const { subscriptionRequired, ...access } = bound.properties;
    const byPolicy = bound.enforcedBy === 'policy';
    // APIs are linked already, so the policy is there before the product does without keys, and goes after it.
    const policy = byPolicy ? this._declarePolicy(props, bound) : undefined;
    const setting = declareExistingProductSetting(this, {
      type: bound.type,
      instance: props.instance,
      productId: this.productId,
      // Keys stay as they are unless they are to be refused, or a policy decides.
      access:
        byPolicy || props.acceptSubscriptionKey !== true
          ? { ...access, subscriptionRequired, ...WITHOUT_SUBSCRIPTIONS }
          : access,
      others: {
        ...textProperties(props),
        state: props.published === undefined ? undefined : stateOf(props.published),
      },
      exports: bound.exports,
      retry: bound.retry,
      dependsOn: policy === undefined ? bound.dependsOn : [...bound.dependsOn, policy],
      managedBy: props.managedBy,
      source: sourceLine(),
    });
    rememberPrerequisites(this, [setting]);
    // The product's own id: that of the setting is unknown whenever the setting is written anew, and grants would go with it.
    return { id: `${props.instance.instanceId}/products/${this.productId}`, output: (name) => setting.output(name) };
  }
}

/** API Management's names differ by more than their case. */
function sameName(one: string, other: string): boolean {
  return Token.isUnresolved(one) || Token.isUnresolved(other)
    ? one === other
    : one.toLowerCase() === other.toLowerCase();
}

function stateOf(published: boolean): string {
  return published ? 'published' : 'notPublished';
}

/** Azure refuses both beside `subscriptionRequired: false`, and what is read is written back unless it is null here. */
const WITHOUT_SUBSCRIPTIONS = { approvalRequired: null, subscriptionsLimit: null };

function textProperties(props: OAuthProductOptions): { description?: string; terms?: string } {
  return {
    description: props.description === undefined ? undefined : literal(props.description),
    terms: props.terms === undefined ? undefined : literal(props.terms),
  };
}

function problemOfDerivedId(displayName: string, derived: string): string | undefined {
  if (Token.isUnresolved(displayName)) {
    return 'is required where displayName is a token';
  }
  const problem = derived === '' ? 'no letter or digit is left of it' : limits.productId(derived);
  return problem && `cannot be made from displayName ${limits.shown(displayName)} (${problem}); give productId`;
}
