import { shown } from './limits';

/** What is wrong where something else stands for an object of the library: programs without types get an error of ours, too. */
function having(member: string, what: string): (value: unknown) => string | undefined {
  return (value) =>
    typeof value === 'object' && value !== null && member in value ? undefined : `must be ${what}, got ${shown(value)}`;
}

export const instance = having('instanceName', 'an API Management instance');

export const product = having('productId', 'a product');

export const sku = having('skuName', 'an ApimSku');

export const directoryRole = having('templateId', 'a DirectoryRole');

export const authorization = having('_acceptsProductLinks', 'a ProductAuthorization');

export const registration = having('_needsOwnerUser', 'a ClientRegistration');

export const resource = having('terraformResourceType', 'a resource');

/** What is wrong with a flag: a text such as "false" would count as true. */
export function flag(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : `must be true or false, got ${shown(value)}`;
}

/** What is wrong where settings are expected. */
export function settings(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : `must be an object with settings, got ${shown(value)}`;
}

/** What is wrong where a list is expected. */
export function list(value: unknown): string | undefined {
  return Array.isArray(value) ? undefined : `must be a list, got ${shown(value)}`;
}

/** What is wrong where a list with something in it is expected. */
export function filledList(value: unknown): string | undefined {
  return list(value) ?? ((value as unknown[]).length === 0 ? 'must not be empty, give at least one' : undefined);
}
