import { isObject } from '../json';
import { APIM_TYPES } from './apim/types';
import { ArmType } from './arm-type';
import { AUTHORIZATION_TYPES } from './authorization';
import { withIdentity } from './identity';
import { KEY_VAULT_TYPES } from './key-vault';
import { MANAGED_IDENTITY_TYPES } from './managed-identity';

/** A type that is stored and answered as it was sent. */
export const GENERIC: ArmType = {
  write: (write) => ({
    body: {
      ...withIdentity(write),
      ...(write.body.properties === undefined || isObject(write.body.properties)
        ? { properties: { ...write.body.properties, provisioningState: 'Succeeded' } }
        : {}),
    },
  }),
};

const TYPES: { readonly [type: string]: ArmType } = {
  ...AUTHORIZATION_TYPES,
  ...KEY_VAULT_TYPES,
  ...MANAGED_IDENTITY_TYPES,
  ...APIM_TYPES,
};

const PLAIN_CHILD: ArmType = { write: ({ body }) => ({ body }) };

/** What is known of a type, by its name in lower case. */
export function typeNamed(type: string): ArmType {
  const known = TYPES[type];
  if (known !== undefined) {
    return { write: GENERIC.write, ...known };
  }
  return type.startsWith('microsoft.apimanagement/service/') ? PLAIN_CHILD : GENERIC;
}
