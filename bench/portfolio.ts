/** How large a portfolio is. */
export interface Size {
  readonly products: number;
  readonly applications: number;
  /** Products that each application is granted. */
  readonly grants: number;
}

/** The same names and grants for every program that declares a portfolio of a size. */
export interface Portfolio {
  readonly products: readonly {
    readonly id: string;
    readonly displayName: string;
    readonly apiNames: readonly string[];
  }[];
  readonly applications: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly products: readonly string[];
  }[];
}

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const INSTANCE = {
  name: 'contoso-apim',
  resourceGroupName: 'contoso-apis',
  location: 'centraluseuap',
  publisherName: 'Contoso',
  publisherEmail: 'api@contoso.com',
};
export const INSTANCE_ID = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${INSTANCE.resourceGroupName}/providers/Microsoft.ApiManagement/service/${INSTANCE.name}`;
/** Where the clients run that Terraform registers, each in an environment of its own name. */
export const REPOSITORY = { organization: 'contoso', repository: 'clients' };
export const OWNER_ID = `${INSTANCE_ID}/users/owner`;

export function portfolioOf({ products, applications, grants }: Size): Portfolio {
  if (grants > products) {
    throw new Error(`grants: must be at most the number of products, ${products}, got ${grants}`);
  }
  return {
    products: numbered(products).map((at) => ({
      id: `product-${at}`,
      displayName: `Product ${at}`,
      apiNames: [`orders-${at}`, `stock-${at}`],
    })),
    applications: numbered(applications).map((at) => ({
      name: `application-${at}`,
      displayName: `Application ${at}`,
      products: numbered(grants).map((grant) => `product-${(at * 7 + grant) % products}`),
    })),
  };
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
