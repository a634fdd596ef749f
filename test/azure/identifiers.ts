import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** What every local Azure has, so that tests can name it. */
export const TENANT_ID = '11111111-1111-4111-8111-111111111111';
export const SUBSCRIPTION_ID = '22222222-2222-4222-8222-222222222222';
export const TENANT_DOMAIN = 'contoso.onmicrosoft.com';
export const TENANT_NAME = 'Contoso';

/** The service principal that Terraform and the tools sign in as. */
export const DEPLOYER = {
  clientId: '33333333-3333-4333-8333-333333333333',
  clientSecret: 'deployer-secret',
  objectId: '44444444-4444-4444-8444-444444444444',
  applicationObjectId: '44444444-4444-4444-8444-444444444445',
} as const;

export const ADMINISTRATOR_ID = '55555555-5555-4555-8555-555555555555';

export const MICROSOFT_GRAPH = '00000003-0000-0000-c000-000000000000';

export const newId = (): string => randomUUID();

export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

export const randomText = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** The same id for the same name, for what a program seeds and later looks up. */
export function stableId(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
