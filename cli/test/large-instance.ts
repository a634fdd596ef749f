import { Landscape, type LocalAzure } from '../../test/azure';

export interface Size {
  readonly apis: number;
  readonly products: number;
  /** Client applications of API Management. */
  readonly clients: number;
  /** Products that each of them is linked to. */
  readonly links: number;
  /** Applications in Entra, each with the roles of two products. */
  readonly entraClients: number;
}

/** An instance of a large organisation. Gives its id. */
export function largeInstance(azure: LocalAzure, { apis, products, clients, links, entraClients }: Size): string {
  const landscape = new Landscape(azure);
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  numbers(apis).forEach((number) => landscape.api(`api-${number}`));
  numbers(Math.ceil(clients / 50)).forEach((number) => landscape.user(`owner-${number}`));
  for (const number of numbers(products)) {
    landscape.product(`product-${number}`, {
      displayName: `Product ${number}`,
      authenticationType: ['application-token'],
      subscriptionRequired: false,
      apis: [`api-${(number % apis) + 1}`, `api-${((number * 7) % apis) + 1}`],
    });
  }
  const granted = (number: number, count: number): string[] =>
    numbers(count).map((step) => `product-${((number * 13 + step * 29) % products) + 1}`);
  for (const number of numbers(clients)) {
    landscape.client(`client-${number}`, {
      displayName: `Client ${number}`,
      owner: `owner-${Math.ceil(number / 50)}`,
      products: granted(number, links),
      secrets: [{ name: 'nightly', expiresInDays: 100 + (number % 200) }],
    });
  }
  for (const number of numbers(entraClients)) {
    const { clientId } = landscape.registration(`worker-${number}`, {
      secrets: [{ name: 'one', expiresInDays: 90 }],
    });
    granted(number, 2).forEach((product) => landscape.grant(clientId, { product }));
  }
  return landscape.instanceId;
}
