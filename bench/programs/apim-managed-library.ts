/* The portfolio with this library. */
import { TerraformStack } from 'cdktf';
import { ApimInstanceWithIdentity, AzureProviders, MultiProductApplication, OAuthProduct } from '../../lib';
import { INSTANCE, OWNER_ID, Portfolio, SUBSCRIPTION } from '../portfolio';

export function declare(stack: TerraformStack, portfolio: Portfolio): void {
  new AzureProviders(stack, 'azure', { subscriptionId: SUBSCRIPTION });
  const instance = new ApimInstanceWithIdentity(stack, 'apim', INSTANCE);
  const products = new Map(
    portfolio.products.map(({ id, displayName, apiNames }) => [
      id,
      // The review of registrations is a convenience that the other program does not have.
      new OAuthProduct(stack, id, { instance, displayName, apiNames: [...apiNames], reviewRegistration: false }),
    ]),
  );
  for (const { name, displayName, products: granted } of portfolio.applications) {
    new MultiProductApplication(stack, name, {
      instance,
      displayName,
      ownerUserId: OWNER_ID,
      products: granted.flatMap((id) => products.get(id) ?? []),
    });
  }
}
