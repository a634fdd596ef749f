import { Fact } from '../names/fact';
import { problemOfFramework } from './framework';
import { shown } from './limits';

/** Marks objects of the library's enum-like classes, which programs without types may replace by anything. */
const KIND = new Fact<Kind>('kind');

/** An enum-like class of the library. */
export type Kind = 'ApimSku' | 'ClientCredential' | 'ClientRegistration' | 'DirectoryRole' | 'ProductAuthorization';

/** Marks an object as one of its class, for this and every other copy of the library. */
export function markAs(kind: Kind, object: object): void {
  KIND.keep(object, kind);
}

/** What is wrong where an object of an enum-like class is expected. */
export function kind(expected: Kind): (value: unknown) => string | undefined {
  const article = /^[AEIOU]/.test(expected) ? 'an' : 'a';
  return (value) => (KIND.of(value) === expected ? undefined : `must be ${article} ${expected}, got ${shown(value)}`);
}

/** What is wrong if a value is not an object of the library: programs without types get an error of the library as well. */
function having(member: string, what: string): (value: unknown) => string | undefined {
  return (value) =>
    typeof value === 'object' && value !== null && member in value
      ? problemOfFramework(value)
      : `must be ${what}, got ${shown(value)}`;
}

export const instance = having('instanceName', 'an API Management instance');

export const product = having('productId', 'a product');

export const sku = kind('ApimSku');

export const directoryRole = kind('DirectoryRole');

export const authorization = kind('ProductAuthorization');

export const registration = kind('ClientRegistration');

export const credential = kind('ClientCredential');

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
