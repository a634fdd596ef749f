import { Scenario } from '../scenario';
import { ADDRESSES, ALIASED_PROVIDERS } from './addresses';
import { CLIENT_SECRETS } from './client-secrets';
import { EXCLUSIVE_APIS, EXCLUSIVE_EXISTING } from './exclusive-apis';
import { EXISTING_PRODUCTS, MANAGED_BY_AZURERM, OPEN_PRODUCT } from './existing-products';
import { ADOPTED_INSTANCE, INSTANCE_IDENTITY, MADE_INSTANCE } from './instance-identity';
import { LINKED_API } from './linked-api';
import { PASSWORDS } from './passwords';
import { PRODUCT_LIMITS } from './product-limits';
import { REGISTRATIONS } from './registrations';

/** Programs that are no examples: what they hold is how Terraform and Azure take changes. */
export const SCENARIOS: readonly Scenario[] = [
  ADDRESSES,
  ADOPTED_INSTANCE,
  ALIASED_PROVIDERS,
  CLIENT_SECRETS,
  EXCLUSIVE_APIS,
  EXCLUSIVE_EXISTING,
  EXISTING_PRODUCTS,
  INSTANCE_IDENTITY,
  LINKED_API,
  MADE_INSTANCE,
  MANAGED_BY_AZURERM,
  OPEN_PRODUCT,
  PASSWORDS,
  PRODUCT_LIMITS,
  REGISTRATIONS,
];
