import { ClientCredential } from './client-credential';
import { ApimManagedClient } from './apim-managed-client';
import { EntraClient } from './entra-client';
import { ExistingClient, ExistingClientProps } from './existing-client';
import { owners } from '../product/entra-options';
import { IOAuthProduct } from '../product/oauth-product-reference';
import * as limits from '../validation/limits';
import { Problems, refuse } from '../validation/problems';
import * as shapes from '../validation/shapes';
import { BoundRegistration, RegisteredClient } from './registered-client';
import { SecretPlace } from './secret-claims';

/**
 * Who owns a client's application in Entra, and how it is granted products.
 *
 * Source: https://learn.microsoft.com/azure/api-management/applications
 */
export abstract class ClientRegistration {
  /**
   * The preview feature: API Management registers `APIMApplication<name>` itself, with a secret that its owner sees in
   * the developer portal. Grants are product links. Needs an owner, a user of the instance.
   */
  public static apimManaged(): ClientRegistration {
    return new ApimManagedClientRegistration();
  }

  /**
   * Terraform owns the application, `APIMApplication<display name>`, preferably with credentials that are not secrets.
   * Grants are app role assignments; the instance needs no directory role for it.
   *
   * Fails when there is no credential, two have the same name or an owner is malformed.
   */
  public static entra(props: EntraClientRegistrationProps): ClientRegistration {
    checkEntraClient(props);
    return new EntraClientRegistration(props);
  }

  /**
   * A client that somebody else owns: a managed identity, another team's application, a vendor's. Grants are app role
   * assignments; Terraform writes nothing of the client itself.
   *
   * Fails when an id is malformed.
   */
  public static existing(props: ExistingClientProps): ClientRegistration {
    refuse('ClientRegistration.existing', 'props', shapes.settings(props));
    const problems = new Problems('ClientRegistration.existing');
    problems.add('clientId', limits.guid(props.clientId));
    problems.add('servicePrincipalObjectId', limits.guid(props.servicePrincipalObjectId));
    problems.throwIfAny();
    return new ExistingClientRegistration({ ...props });
  }

  /** Whether the client needs an owner among the users of the instance. @internal */
  public abstract readonly _needsOwnerUser: boolean;

  /** What is wrong with granting such a client a product, if anything. @internal */
  public abstract _problemOf(product: IOAuthProduct): string | undefined;

  /** Whether the instance's identity registers something for it. @internal */
  public abstract readonly _needsDirectoryRole: boolean;

  /** Secrets that it stores in vaults. @internal */
  public abstract readonly _secrets: readonly SecretPlace[];

  /** @internal */
  public abstract _bind(client: RegisteredClient): BoundRegistration;
}

/** Settings of `ClientRegistration.entra`. */
export interface EntraClientRegistrationProps {
  /** Credentials of the client: one or more, without duplicates. Adding one does not change the others. */
  readonly credentials: ClientCredential[];

  /**
   * Object ids of the owners of the application in Entra, GUIDs: one or more, without duplicates.
   * @default - the identity that creates it, and changes of the owners are ignored
   */
  readonly owners?: string[];
}

class ApimManagedClientRegistration extends ClientRegistration {
  public readonly _needsOwnerUser = true;
  public readonly _needsDirectoryRole = true;
  public readonly _secrets = [];

  public constructor() {
    super();
    shapes.markAs('ClientRegistration', this);
  }

  public _problemOf(product: IOAuthProduct): string | undefined {
    if (product.acceptsProductLinks !== false) {
      return undefined;
    }
    return (
      'ClientRegistration.apimManaged() cannot be linked to a product with ProductAuthorization.gatewayPolicy(); ' +
      'use ClientRegistration.entra() for the client or another authorization for the product'
    );
  }

  public _bind(client: RegisteredClient): BoundRegistration {
    return new ApimManagedClient(client);
  }
}

class EntraClientRegistration extends ClientRegistration {
  public readonly _needsOwnerUser = false;
  public readonly _needsDirectoryRole = false;
  public readonly _secrets: readonly SecretPlace[];
  private readonly props: EntraClientRegistrationProps;

  public constructor(props: EntraClientRegistrationProps) {
    super();
    shapes.markAs('ClientRegistration', this);
    this.props = { credentials: [...props.credentials], owners: props.owners && [...props.owners] };
    this._secrets = props.credentials.flatMap(({ _secret: secret }) => secret ?? []);
  }

  public _problemOf(): string | undefined {
    return undefined;
  }

  public _bind(client: RegisteredClient): BoundRegistration {
    return new EntraClient(client, this.props);
  }
}

class ExistingClientRegistration extends ClientRegistration {
  public readonly _needsOwnerUser = false;
  public readonly _needsDirectoryRole = false;
  public readonly _secrets: readonly SecretPlace[] = [];

  public constructor(private readonly props: ExistingClientProps) {
    super();
    shapes.markAs('ClientRegistration', this);
  }

  public _problemOf(): string | undefined {
    return undefined;
  }

  public _bind(client: RegisteredClient): BoundRegistration {
    return new ExistingClient(client, this.props);
  }
}

/** Entra takes at most so many federated credentials for one application. */
const MOST_FEDERATED = 20;

function checkEntraClient(props: EntraClientRegistrationProps): void {
  refuse('ClientRegistration.entra', 'props', shapes.settings(props));
  const problems = new Problems('ClientRegistration.entra');
  const given: unknown = props.credentials ?? [];
  problems.add('credentials', shapes.filledList(given));
  const items: unknown[] = Array.isArray(given) ? given : [];
  const isCredential = (item: unknown): item is ClientCredential => shapes.credential(item) === undefined;
  const credentials = items.filter(isCredential);
  if (credentials.length < items.length) {
    const other = items.find((item) => !isCredential(item));
    problems.add('credentials', `must contain only credentials, got ${limits.shown(other)}`);
  }
  const names = credentials.map((credential) => credential._name);
  const twice = names.find((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < at);
  if (twice !== undefined) {
    problems.add('credentials', `must have different names, got ${limits.shown(twice)} again; give name`);
  }
  const federated = credentials.filter((credential) => credential._isFederated).length;
  if (federated > MOST_FEDERATED) {
    problems.add('credentials', `must contain at most ${MOST_FEDERATED} federated ones, got ${federated}`);
  }
  problems.optional('owners', props.owners, owners);
  problems.throwIfAny();
}
