import { newManagedIdentity } from '../entra/registrations';
import { AzureError } from '../http';
import { TENANT_ID } from '../identifiers';
import { ArmType } from './arm-type';
import { nameOf } from './resource-id';

const userAssignedIdentities: ArmType = {
  write: ({ cloud, id, body, before }) => {
    const known = before?.body.properties;
    const principal =
      known === undefined
        ? newManagedIdentity(cloud.directory, nameOf(id), id, true)
        : cloud.directory.find(known.principalId);
    return {
      body: {
        ...body,
        properties: {
          ...body.properties,
          tenantId: TENANT_ID,
          principalId: known?.principalId ?? principal!.id,
          clientId: known?.clientId ?? principal!.appId,
        },
      },
    };
  },
  remove: ({ cloud }, resource) => {
    const principal = cloud.directory.find(resource.body.properties.principalId);
    if (principal !== undefined) {
      cloud.directory.remove(principal, true);
    }
  },
};

const federatedIdentityCredentials: ArmType = {
  write: ({ cloud, id, body, before }) => {
    const { issuer, subject, audiences } = body.properties ?? {};
    if (!issuer || !subject || !Array.isArray(audiences) || audiences.length === 0) {
      throw new AzureError(400, 'BadRequest', 'issuer, subject and audiences are required.');
    }
    const others = cloud.store.list(id.slice(0, id.lastIndexOf('/'))).filter((other) => other !== before);
    if (others.some(({ body: { properties } }) => properties.issuer === issuer && properties.subject === subject)) {
      throw new AzureError(409, 'Conflict', 'Issuer and subject combination already exists for this Managed Identity.');
    }
    return { body };
  },
};

export const MANAGED_IDENTITY_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.managedidentity/userassignedidentities': userAssignedIdentities,
  'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials': federatedIdentityCredentials,
};
