import type { Picture, PictureEdge, PictureNode } from '../picture/model';
import type { Inventory, InventoryClient, InventoryProduct } from './inventory';

/** Whose box a problem makes red. */
export const WORRYING: Readonly<Record<string, 'product' | 'client'>> = {
  'open-product': 'product',
  'policy-unclear': 'product',
  'policy-registration-unclear': 'product',
  'product-without-registration': 'product',
  'client-without-product': 'client',
  'client-without-registration': 'client',
  'client-without-credential': 'client',
  'credential-expired': 'client',
  'credential-expiring': 'client',
  'link-without-assignment': 'client',
  'assignment-without-link': 'client',
  'link-without-product': 'client',
  'owner-missing': 'client',
};

/** A live instance as a picture. */
export function pictureOf(inventory: Inventory): Picture {
  const { products, clients, problems, unread, instance } = inventory;
  // a client may be called as a product is
  const worrying = (of: 'product' | 'client'): ReadonlySet<string> =>
    new Set(problems.filter(({ kind }) => WORRYING[kind] === of).map(({ subject }) => subject));
  const [worryingProducts, worryingClients] = [worrying('product'), worrying('client')];
  const owners = [...new Set(clients.flatMap(({ owner }) => owner ?? []))];
  const apis = [...new Set(products.flatMap((product) => product.apis))];
  const node = (key: string, column: PictureNode['column'], name: string, details: string[], alarming = false) => ({
    key,
    column,
    name,
    details,
    alarming,
    members: [name],
  });
  const nodes: PictureNode[] = [
    ...owners.map((owner) => node(`owner ${owner}`, 'owner', owner, [])),
    ...clients.map((client, index) =>
      node(`client ${index}`, 'client', client.displayName, clientDetails(client), worryingClients.has(client.name)),
    ),
    ...products.map((product) =>
      node(
        `product ${product.id}`,
        'product',
        product.displayName,
        productDetails(product),
        worryingProducts.has(product.id),
      ),
    ),
    ...apis.map((api) => node(`api ${api}`, 'api', api, [])),
  ];
  const edges: PictureEdge[] = [
    ...clients.flatMap(({ owner, products: granted }, index) => [
      ...(owner === undefined ? [] : [{ from: `owner ${owner}`, to: `client ${index}`, count: 1 }]),
      ...granted.map((id) => ({ from: `client ${index}`, to: `product ${id}`, count: 1 })),
    ]),
    ...products.flatMap(({ id, apis: given }) =>
      given.map((api) => ({ from: `product ${id}`, to: `api ${api}`, count: 1 })),
    ),
  ];
  return {
    title: `Access of ${instance.id.split('/').at(-1) ?? ''}`,
    nodes,
    edges,
    notes: unread.map(({ part, needs }) => `${part}: not read; it needs ${needs}`),
  };
}

function clientDetails({ credentials, kind }: InventoryClient): string[] {
  const counts = new Map<string, number>();
  credentials.forEach((credential) => counts.set(credential.kind, (counts.get(credential.kind) ?? 0) + 1));
  const told = [...counts].map(([name, count]) => `${name}${count > 1 ? ` ×${count}` : ''}`).join(', ');
  return [
    told === '' ? 'no credential' : told,
    kind === 'apim-managed' ? 'registered by API Management' : 'registered in Entra',
  ];
}

function productDetails({
  authenticationType,
  enforcedBy,
  subscriptionRequired,
  open,
  registration,
}: InventoryProduct): string[] {
  const ways = authenticationType.map((type) => (type === 'application-token' ? 'token' : 'key')).join(' or ');
  return [
    open
      ? 'open: neither token nor key'
      : enforcedBy === 'policy'
        ? 'token, by policy'
        : enforcedBy === undefined && !subscriptionRequired
          ? 'its policy could not be judged'
          : ways,
    registration === undefined
      ? 'no registration'
      : `registered by ${registration.owner === 'apim' ? 'API Management' : 'somebody else'}`,
  ];
}
