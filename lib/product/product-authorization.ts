import { ITerraformDependable, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { PRODUCT, PRODUCT_WITHOUT_PREVIEW } from '../azapi/arm-types';
import { AzapiRetry } from '../azapi/azapi-types';
import { ApimManagedProduct, ApimManagedRegistration, REGISTRATION_EXPORTS } from './apim-managed-registration';
import { deployerOf } from '../azuread/deployer';
import { appRoleValue, checkEntraOptions, copyOf, EntraApplicationOptions } from './entra-options';
import { appRoleValueOf, OwnRegistration, registrationNameOf } from './own-registration';
import { ProductRegistration } from './product-registration';
import { stableKey } from '../instance/instance-identity';
import { shown, textOf } from '../validation/limits';
import { warnOfRegion } from '../instance/preview-region';
import { PolicyElement } from '../policy/policy-xml';
import { checkPolicySections, demanded, PolicySections, tokenForProduct, tokenOfTenant } from './product-policy';
import { DIRECTORY_ROLE_DELAY, ENTRA_DELAY } from '../azapi/replication-delays';
import { stableUuid } from '../names/uuid';

/** What an authorization knows of the product it is for. */
export interface AuthorizedProduct {
  readonly scope: Construct;
  readonly instance: IApimInstance;
  readonly productId: string;
  readonly displayName: string;
  readonly acceptSubscriptionKey: boolean;
  readonly reviewRegistration: boolean;
}

/** What an authorization contributes to the product's request, and what it makes before and after it. */
export interface BoundAuthorization {
  /** Azure type of the product, with the api-version that knows the properties. */
  readonly type: string;
  /** Properties that decide who may call; they are in the same request as the rest of the product. */
  readonly properties: { [name: string]: unknown };
  /** Values of the answer to export. */
  readonly exports: { [name: string]: string };
  readonly dependsOn: ITerraformDependable[];
  readonly retry?: AzapiRetry;
  /** Going from one to the other in place would leave a moment with neither, so the product is replaced. */
  readonly enforcedBy: 'gateway' | 'policy';
  /** Called once the product is declared. */
  register(product: ApimManagedProduct): ProductRegistration;
  /** What the product's policy does first; `limited` where limits by client follow, which need the validated token. */
  inbound(limited: boolean): PolicyElement[];
  /** Policy of the user's own around it. */
  readonly sections?: PolicySections;
}

/**
 * Who owns a product's application in Entra, and what enforces that callers have a token for it.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export abstract class ProductAuthorization {
  /**
   * The preview feature: API Management registers `APIMProductApplication<display name>` itself and its gateway
   * validates tokens. Needs the Developer, Basic, Standard or Premium tier and a directory role for the instance.
   */
  public static apimManaged(): ProductAuthorization {
    return new ApimManagedAuthorization();
  }

  /**
   * Terraform owns the registration, shaped as API Management would have made it, and the product points at it. The
   * gateway enforces it natively, which is the preview feature; the instance needs no directory role for it.
   *
   * Fails when an owner, audience or id is malformed.
   */
  public static entraApplication(options: EntraApplicationOptions = {}): ProductAuthorization {
    checkEntraOptions('ProductAuthorization.entraApplication', options);
    return new EntraApplicationAuthorization(copyOf(options));
  }

  /**
   * No preview needed, and any tier will do: Terraform owns the registration, and a product policy validates audience,
   * tenant and role of each token. Without a token or a key the product answers 401. The library owns the product's
   * policy document then.
   *
   * Fails when an owner, audience or id is malformed or a section is no well-formed XML.
   */
  public static gatewayPolicy(options: GatewayPolicyOptions = {}): ProductAuthorization {
    checkEntraOptions('ProductAuthorization.gatewayPolicy', options);
    checkPolicySections('ProductAuthorization.gatewayPolicy', options);
    return new GatewayPolicyAuthorization(copyOf(options));
  }

  /** What is wrong with using this authorization for a product, if anything. @internal */
  public abstract _problem(instance: IApimInstance, displayName: string): string | undefined;

  /** What may be meant but deserves a word. @internal */
  public abstract _warn(product: Construct, instance: IApimInstance): void;

  /** @internal */
  public abstract _bind(product: AuthorizedProduct): BoundAuthorization;

  /** Whether API Management's own client applications can be linked to a product of this kind. @internal */
  public abstract readonly _acceptsProductLinks: boolean;

  /** The name of the factory that made it. @internal */
  public abstract readonly _kind: string;

  /** Whether the instance's identity registers something for it. @internal */
  public abstract readonly _needsDirectoryRole: boolean;
}

/** Settings of `ProductAuthorization.gatewayPolicy`. The policy sections are well-formed XML elements, written as they are. */
export interface GatewayPolicyOptions extends EntraApplicationOptions {
  /**
   * Policy that runs before the token is validated, such as `<cors>`.
   * @default - none
   */
  readonly inboundBefore?: string;

  /**
   * Policy that runs once the token is validated and the limits are kept.
   * @default - none
   */
  readonly inboundAfter?: string;

  /**
   * The backend section instead of `<base />`.
   * @default - `<base />`
   */
  readonly backend?: string;

  /**
   * Policy on the way out, after `<base />`.
   * @default - none
   */
  readonly outbound?: string;

  /**
   * Policy on errors, after `<base />`.
   * @default - none
   */
  readonly onError?: string;
}

class ApimManagedAuthorization extends ProductAuthorization {
  public readonly _kind = 'apimManaged';
  public readonly _acceptsProductLinks = true;
  public readonly _needsDirectoryRole = true;

  public _problem(instance: IApimInstance): string | undefined {
    return problemOfTier('apimManaged', instance);
  }

  public _warn(product: Construct, instance: IApimInstance): void {
    // An instance with a directory role has warned of its region itself.
    if (instance.directoryRoleAssignment === undefined) {
      warnOfRegion(product, 'instance', instance.location);
    }
  }

  public _bind(product: AuthorizedProduct): BoundAuthorization {
    const { directoryRoleAssignment } = product.instance;
    return {
      type: PRODUCT,
      properties: nativeProperties(product.acceptSubscriptionKey),
      exports: REGISTRATION_EXPORTS,
      dependsOn: directoryRoleAssignment === undefined ? [] : [directoryRoleAssignment],
      retry: DIRECTORY_ROLE_DELAY,
      enforcedBy: 'gateway',
      register: (resource) => {
        const registration = new ApimManagedRegistration(
          product.scope,
          product.productId,
          product.displayName,
          resource,
        );
        if (product.reviewRegistration) {
          registration.review();
        }
        return registration;
      },
      inbound: (limited) =>
        limited ? [demanded(tokenOfTenant(product.instance.tenantId), product.acceptSubscriptionKey)] : [],
    };
  }
}

/** Left out, `authenticationType` means keys only; `subscriptionRequired: false` without it means open to anyone. */
function nativeProperties(acceptSubscriptionKey: boolean): { [name: string]: unknown } {
  return {
    authenticationType: acceptSubscriptionKey ? ['application-token', 'subscription-key'] : ['application-token'],
    subscriptionRequired: acceptSubscriptionKey,
  };
}

class EntraApplicationAuthorization extends ProductAuthorization {
  public readonly _kind = 'entraApplication';
  public readonly _acceptsProductLinks = true;
  public readonly _needsDirectoryRole = false;

  public constructor(private readonly options: EntraApplicationOptions) {
    super();
  }

  public _problem(instance: IApimInstance, displayName: string): string | undefined {
    return problemOfTier('entraApplication', instance) ?? problemOfOwnNames(displayName);
  }

  public _warn(product: Construct, instance: IApimInstance): void {
    if (instance.directoryRoleAssignment === undefined) {
      warnOfRegion(product, 'instance', instance.location);
    }
  }

  public _bind(product: AuthorizedProduct): BoundAuthorization {
    const registration = ownRegistration(product, this.options);
    return {
      type: PRODUCT,
      properties: {
        ...nativeProperties(product.acceptSubscriptionKey),
        application: { entra: { applicationId: registration.applicationId, audience: registration.audience } },
      },
      exports: {},
      dependsOn: [registration.ready],
      retry: ENTRA_DELAY,
      enforcedBy: 'gateway',
      register: () => registration,
      inbound: (limited) => (limited ? [demanded(tokenOf(product, registration), product.acceptSubscriptionKey)] : []),
    };
  }
}

class GatewayPolicyAuthorization extends ProductAuthorization {
  public readonly _kind = 'gatewayPolicy';
  public readonly _acceptsProductLinks = false;
  public readonly _needsDirectoryRole = false;

  public constructor(private readonly options: GatewayPolicyOptions) {
    super();
  }

  public _problem(_instance: IApimInstance, displayName: string): string | undefined {
    return problemOfOwnNames(displayName);
  }

  public _warn(): void {
    // Generally available everywhere.
  }

  public _bind(product: AuthorizedProduct): BoundAuthorization {
    const registration = ownRegistration(product, this.options);
    return {
      type: PRODUCT_WITHOUT_PREVIEW,
      // With `subscriptionRequired` API Management would demand a key besides the token.
      properties: { subscriptionRequired: false },
      exports: {},
      dependsOn: [],
      enforcedBy: 'policy',
      register: () => registration,
      inbound: () => [demanded(tokenOf(product, registration), product.acceptSubscriptionKey)],
      sections: this.options,
    };
  }
}

function ownRegistration(product: AuthorizedProduct, options: EntraApplicationOptions): OwnRegistration {
  const { scope, instance, productId, displayName } = product;
  const appRoleId =
    options.adopt?.appRoleId ?? stableUuid('app role', stableKey(instance), stableProductKey(scope, productId));
  return new OwnRegistration(scope, { displayName, appRoleId, options });
}

/** Validates a token for the product's own application and role. */
function tokenOf(product: AuthorizedProduct, registration: OwnRegistration): PolicyElement {
  return tokenForProduct({
    tenantId: deployerOf(product.scope).tenantId,
    applicationId: registration.applicationId,
    appRoleValue: registration.appRoleValue,
  });
}

/** A token tells nothing that is the same on every machine; the product's own path does. */
function stableProductKey(scope: Construct, productId: string): string {
  return Token.isUnresolved(productId) ? scope.node.path : productId;
}

function problemOfTier(kind: string, instance: IApimInstance): string | undefined {
  const { sku } = instance;
  if (sku === undefined || sku.supportsApplicationBasedAccess) {
    return undefined;
  }
  return (
    `ProductAuthorization.${kind}() needs an instance of the Developer, Basic, Standard or Premium tier, got ${shown(sku.skuName)}; ` +
    'ProductAuthorization.gatewayPolicy() works on every tier'
  );
}

/** Entra's application and its role are called after the product. */
function problemOfOwnNames(displayName: string): string | undefined {
  if (Token.isUnresolved(displayName)) {
    return 'cannot name an application of its own after a displayName that is a token; give a literal displayName';
  }
  const role = appRoleValue(appRoleValueOf(String(displayName)));
  if (role !== undefined) {
    return `the app role made from displayName ${role}; choose another displayName`;
  }
  const name = textOf(1, 256)(registrationNameOf(String(displayName)));
  return name && `the application name made from displayName ${name}; choose a shorter displayName`;
}
