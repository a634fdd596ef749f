/* The portfolio with this library: Terraform owns the registrations of products and clients. */
import { TerraformStack } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  MultiProductApplication,
  OAuthProduct,
  ProductAuthorization,
} from '../../lib';
import { INSTANCE, Portfolio, REPOSITORY, SUBSCRIPTION } from '../portfolio';

export function declare(stack: TerraformStack, portfolio: Portfolio): void {
  new AzureProviders(stack, 'azure', { subscriptionId: SUBSCRIPTION });
  const instance = new ApimInstanceWithIdentity(stack, 'apim', INSTANCE);
  const products = new Map(
    portfolio.products.map(({ id, displayName, apiNames }) => [
      id,
      new OAuthProduct(stack, id, {
        instance,
        displayName,
        apiNames: [...apiNames],
        authorization: ProductAuthorization.entraApplication(),
      }),
    ]),
  );
  for (const { name, displayName, products: granted } of portfolio.applications) {
    new MultiProductApplication(stack, name, {
      instance,
      displayName,
      products: granted.flatMap((id) => products.get(id) ?? []),
      registration: ClientRegistration.entra({
        credentials: [ClientCredential.gitHubActions({ ...REPOSITORY, environment: name, name: 'github' })],
      }),
    });
  }
}
