import { answer, AzureError } from '../../http';
import { randomHex } from '../../identifiers';
import { JsonObject } from '../../json';
import { ArmType, validationError } from '../arm-type';
import { keyOf, nameOf } from '../resource-id';
import { absolute, demandUnique, serviceOf } from './context';

const ADMINISTRATOR = '1';

const users: ArmType = {
  conditional: true,
  write: (write) => {
    const { cloud, body, before } = write;
    const { confirmation: _confirmation, appType: _appType, ...given } = (body.properties ?? {}) as JsonObject;
    if (!given.email || !given.firstName || !given.lastName) {
      throw validationError('email, firstName and lastName are required');
    }
    demandUnique(write, before, 'email', given.email, `User with email ${String(given.email)} already exists.`);
    return {
      body: {
        properties: {
          note: null,
          state: 'active',
          registrationDate: before?.body.properties.registrationDate ?? cloud.clock.iso(),
          identities: [{ provider: 'Basic', id: given.email }],
          groups: [],
          ...given,
        },
      },
    };
  },
  read: (_request, answered) => {
    delete answered.properties.password;
    return answered;
  },
  remove: ({ cloud, id }, user) => {
    const service = serviceOf(cloud, id);
    if (nameOf(user.id) === ADMINISTRATOR) {
      throw new AzureError(405, 'MethodNotAllowed', 'Administrator user cannot be deleted.');
    }
    const owned = cloud.store
      .list(`${service.id}/clientApplications`)
      .filter(({ body }) => keyOf(String(body.properties.ownerId)) === keyOf(user.id));
    if (owned.length > 0) {
      throw new AzureError(
        409,
        'UserOwnsClientApplications',
        `User '${nameOf(user.id)}' owns ${owned.length} client application(s).`,
      );
    }
  },
};

const groups: ArmType = {
  conditional: true,
  write: ({ body }) => {
    if (!body.properties?.displayName) {
      throw validationError('Group displayName must not be empty');
    }
    return {
      body: { properties: { type: 'custom', builtIn: false, externalId: null, description: null, ...body.properties } },
    };
  },
  remove: (_request, group) => {
    if (group.body.properties.type === 'system') {
      throw new AzureError(405, 'MethodNotAllowed', 'System group cannot be deleted.');
    }
  },
};

const subscriptions: ArmType = {
  conditional: true,
  write: ({ cloud, id, body, before }) => {
    const service = serviceOf(cloud, id);
    const given = (body.properties ?? {}) as JsonObject;
    const old = (before?.body.properties ?? {}) as JsonObject;
    if (!given.displayName && !old.displayName) {
      throw validationError('displayName is required');
    }
    const scope = absolute(service.id, given.scope ?? old.scope);
    const ofAll = keyOf(scope) === keyOf(service.id) || /\/apis\/?$/i.test(scope);
    const target = cloud.store.get(scope.replace(/;rev=\d+$/i, ''));
    if (!ofAll && target === undefined) {
      throw validationError(`Subscription scope '${String(given.scope)}' does not exist.`);
    }
    if (/\/products\/[^/]+$/i.test(scope) && target?.body.properties.subscriptionRequired === false) {
      throw validationError('Subscription cannot be created: product does not require a subscription.');
    }
    const ownerId = given.ownerId ? absolute(service.id, given.ownerId) : (old.ownerId ?? null);
    if (ownerId !== null && cloud.store.get(String(ownerId)) === undefined) {
      throw validationError(`User '${String(given.ownerId)}' does not exist.`);
    }
    return {
      body: {
        properties: {
          state: 'submitted',
          allowTracing: false,
          createdDate: cloud.clock.iso(),
          ...old,
          ...given,
          scope,
          ownerId,
          primaryKey: given.primaryKey ?? old.primaryKey ?? randomHex(16),
          secondaryKey: given.secondaryKey ?? old.secondaryKey ?? randomHex(16),
        },
      },
    };
  },
  read: (_request, answered) => {
    delete answered.properties.primaryKey;
    delete answered.properties.secondaryKey;
    return answered;
  },
  actions: {
    listsecrets: (_request, { body: { properties } }) =>
      answer(200, { primaryKey: properties.primaryKey, secondaryKey: properties.secondaryKey }),
    regenerateprimarykey: (_request, { body: { properties } }) => {
      properties.primaryKey = randomHex(16);
      return answer(204);
    },
    regeneratesecondarykey: (_request, { body: { properties } }) => {
      properties.secondaryKey = randomHex(16);
      return answer(204);
    },
  },
};

const namedValues: ArmType = {
  conditional: true,
  asynchronous: true,
  write: (write) => {
    const properties = (write.body.properties ?? {}) as JsonObject;
    if (!properties.displayName) {
      throw validationError('displayName is required');
    }
    demandUnique(
      write,
      write.before,
      'displayName',
      properties.displayName,
      'Named value with such a displayName exists',
    );
    return { body: { properties: { tags: null, secret: false, ...properties } } };
  },
  read: (_request, answered) => {
    if (answered.properties.secret === true) {
      delete answered.properties.value;
    }
    return answered;
  },
  actions: { listvalue: (_request, { body }) => answer(200, { value: body.properties.value ?? null }) },
};

export const PEOPLE_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.apimanagement/service/users': users,
  'microsoft.apimanagement/service/groups': groups,
  'microsoft.apimanagement/service/subscriptions': subscriptions,
  'microsoft.apimanagement/service/namedvalues': namedValues,
};
