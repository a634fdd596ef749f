import { answer } from '../../http';
import { randomHex } from '../../identifiers';
import { JsonObject, merge } from '../../json';
import { ArmType } from '../arm-type';

const SETTINGS: { readonly [name: string]: JsonObject } = {
  signin: { enabled: false },
  signup: { enabled: false, termsOfService: { enabled: false, consentRequired: false, text: null } },
  delegation: {
    url: null,
    validationKey: null,
    subscriptions: { enabled: false },
    userRegistration: { enabled: false },
  },
};

const portalSettings: ArmType = {
  initial: ({ parsed }) => SETTINGS[parsed.names.at(-1)!.toLowerCase()],
  write: ({ body, before }) => ({
    body: { properties: merge((before?.body.properties ?? {}) as JsonObject, (body.properties ?? {}) as JsonObject) },
  }),
  actions: { listsecrets: () => answer(200, { validationKey: randomHex(16) }) },
};

/** Direct access to the management API, and to the configuration's git repository. */
const tenantAccess: ArmType = {
  initial: ({ parsed }) => {
    const name = parsed.names.at(-1)!;
    const principals: { readonly [name: string]: string } = { access: 'integration', gitAccess: 'git' };
    return {
      id: name,
      enabled: false,
      principalId: principals[name] ?? name,
      primaryKey: randomHex(16),
      secondaryKey: randomHex(16),
    };
  },
  write: ({ body, before }) => ({
    body: { properties: { ...before?.body.properties, enabled: body.properties?.enabled === true } },
  }),
  read: (_request, answered) => {
    delete answered.properties.primaryKey;
    delete answered.properties.secondaryKey;
    return answered;
  },
  actions: {
    listsecrets: (_request, { body: { properties } }) =>
      answer(200, {
        id: properties.id,
        accessId: properties.id,
        principalId: properties.principalId,
        primaryKey: properties.primaryKey,
        secondaryKey: properties.secondaryKey,
        enabled: properties.enabled,
      }),
  },
};

export const PORTAL_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.apimanagement/service/portalsettings': portalSettings,
  'microsoft.apimanagement/service/tenant': tenantAccess,
};
