import type { AzapiRetry } from './azapi-types';

/**
 * A directory role takes minutes to reach API Management. Until then Azure answers 400 with one of these texts, which
 * azapi would not repeat by itself; the operation's timeout of 30 minutes bounds the repetitions.
 */
export const DIRECTORY_ROLE_DELAY: AzapiRetry = {
  errorMessageRegex: ['Application Administrator', 'Insufficient privileges', 'Authorization_RequestDenied'],
  intervalSeconds: 10,
  maxIntervalSeconds: 60,
};

/** A registration made a moment ago is not known everywhere in Entra yet. */
export const ENTRA_DELAY: AzapiRetry = {
  errorMessageRegex: ['was not found in tenant', 'does not exist'],
  intervalSeconds: 5,
  maxIntervalSeconds: 60,
};

/**
 * For a product link, API Management makes an object in Entra that refers to the registrations of client and product. The
 * texts are about objects in Entra only: a product that does not exist is no delay.
 */
export const LINK_DELAY: AzapiRetry = {
  errorMessageRegex: [
    ...DIRECTORY_ROLE_DELAY.errorMessageRegex,
    "Resource '[0-9a-f-]{36}' does not exist",
    'was not found in tenant',
    'service principal .*does not exist',
  ],
  intervalSeconds: 5,
  maxIntervalSeconds: 60,
};
