import { shown } from './limits';

/** What is wrong where something else stands for a construct: programs without types get an error of ours, too. */
function having(member: string, what: string): (value: unknown) => string | undefined {
  return (value) => (typeof value === 'object' && value !== null && member in value ? undefined : `must be ${what}, got ${shown(value)}`);
}

export const instance = having('instanceName', 'an API Management instance');

export const product = having('productId', 'a product');
