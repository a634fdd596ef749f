import { JsonObject } from '../../json';
import { ArmType, validationError, Write } from '../arm-type';
import { keyOf, nameOf } from '../resource-id';
import { importOpenApi } from './openapi';
import { serviceOf, siblings } from './context';

/** Properties of an API with the service's own defaults. */
export function apiProperties(given: JsonObject): JsonObject {
  const { oAuth2, openid } = (given.authenticationSettings ?? {}) as JsonObject;
  return {
    description: null,
    subscriptionRequired: true,
    serviceUrl: null,
    protocols: ['https'],
    type: 'http',
    isOnline: true,
    ...given,
    apiRevision: given.apiRevision ?? '1',
    isCurrent: given.isCurrent ?? true,
    apiRevisionDescription: given.apiRevisionDescription ?? null,
    apiVersionDescription: given.apiVersionDescription ?? null,
    subscriptionKeyParameterNames: given.subscriptionKeyParameterNames ?? {
      header: 'Ocp-Apim-Subscription-Key',
      query: 'subscription-key',
    },
    authenticationSettings: {
      oAuth2: oAuth2 ?? null,
      openid: openid ?? null,
      oAuth2AuthenticationSettings: oAuth2 ? [oAuth2] : [],
      openidAuthenticationSettings: openid ? [openid] : [],
    },
  };
}

const revisionOf = (id: string): string | undefined => /;rev=(\d+)$/i.exec(id)?.[1];

const apis: ArmType = {
  conditional: true,
  write: (write) => {
    const { before, id, body, patch } = write;
    const {
      format: _format,
      value,
      wsdlSelector: _selector,
      apiType,
      ...given
    } = (body.properties ?? {}) as JsonObject;
    const old = (before?.body.properties ?? {}) as JsonObject;
    const imported = value === undefined ? undefined : importOpenApi(String(value));
    const merged: JsonObject = {
      ...(patch || imported === undefined ? {} : old),
      ...(imported === undefined ? {} : { displayName: imported.title ?? nameOf(id) }),
      apiRevision: old.apiRevision,
      isCurrent: old.isCurrent,
      ...given,
      ...(apiType === undefined || given.type !== undefined ? {} : { type: apiType }),
    };
    checkApi(write, merged);
    const revision = revisionOf(id);
    return {
      body: {
        properties: apiProperties({
          ...merged,
          apiRevision: revision ?? old.apiRevision ?? revisionOf(write.call.path) ?? '1',
          isCurrent: revision === undefined,
        }),
      },
    };
  },
  written: ({ cloud, call }, api) => {
    const { value } = (call.json.properties ?? {}) as JsonObject;
    for (const { name, displayName, method, urlTemplate } of value === undefined
      ? []
      : importOpenApi(String(value)).operations) {
      const properties = operationProperties({
        displayName,
        method,
        urlTemplate,
        templateParameters: parametersOf(urlTemplate),
      });
      cloud.store.put(`${api.id}/operations/${name}`, { properties }, cloud.clock.now());
    }
  },
  remove: ({ cloud, call, id }, api) => {
    const service = serviceOf(cloud, id);
    const name = nameOf(api.id).toLowerCase();
    const revisions = siblings({ cloud, id }).filter((other) =>
      nameOf(other.id).toLowerCase().startsWith(`${name};rev=`),
    );
    if (revisions.length > 0 && call.query.get('deleteRevisions') !== 'true') {
      throw validationError('API has revisions (use deleteRevisions=true)');
    }
    for (const revision of revisions) {
      cloud.store.remove(revision.id);
    }
    for (const product of cloud.store.list(`${service.id}/products`)) {
      cloud.store.remove(`${product.id}/apis/${name}`);
      for (const link of cloud.store.list(`${product.id}/apiLinks`)) {
        if (keyOf(String(link.body.properties.apiId)) === keyOf(api.id)) {
          cloud.store.remove(link.id);
        }
      }
    }
  },
};

function checkApi(write: Write, properties: JsonObject): void {
  const { displayName, path, sourceApiId, apiVersion, apiVersionSetId } = properties;
  if (path === undefined || path === null) {
    throw validationError('API Path must be provided');
  }
  if (!displayName && !sourceApiId) {
    throw validationError('API displayName must not be empty');
  }
  if (apiVersion && !apiVersionSetId) {
    throw validationError('apiVersionSetId is required when apiVersion is set');
  }
  const same = siblings(write).find(
    (other) =>
      other !== write.before &&
      revisionOf(other.id) === undefined &&
      revisionOf(write.id) === undefined &&
      other.body.properties.path === path &&
      (other.body.properties.apiVersion ?? '') === (apiVersion ?? ''),
  );
  if (same !== undefined) {
    throw validationError(
      `Cannot create API '${String(displayName)}' with the same Path '${String(path)}', Name '' and Versioning scheme as existing API '${String(same.body.properties.displayName)}'.`,
    );
  }
}

function operationProperties(given: JsonObject): JsonObject {
  return {
    templateParameters: [],
    description: null,
    policies: null,
    responses: [],
    ...given,
    request: { description: null, queryParameters: [], headers: [], representations: [], ...given.request },
  };
}

const parametersOf = (urlTemplate: string): JsonObject[] =>
  [...urlTemplate.matchAll(/\{\*?([^}]+)\}/g)].map(([, name]) => ({
    name,
    type: 'string',
    required: true,
    values: [],
  }));

const operations: ArmType = {
  conditional: true,
  write: (write) => {
    const properties = operationProperties((write.body.properties ?? {}) as JsonObject);
    const { displayName, method, urlTemplate } = properties as {
      displayName?: string;
      method?: string;
      urlTemplate?: string;
    };
    if (!displayName || !method || !urlTemplate) {
      throw validationError('displayName, method, urlTemplate are required');
    }
    const same = siblings(write).find(
      (other) =>
        other !== write.before &&
        other.body.properties.method === method &&
        other.body.properties.urlTemplate === urlTemplate,
    );
    if (same !== undefined) {
      throw validationError(`Operation with the same method and URL template already exists: ${same.id}`);
    }
    const declared = (properties.templateParameters as JsonObject[]).map(({ name }) => String(name).replace('*', ''));
    const missing = parametersOf(urlTemplate).find(({ name }) => !declared.includes(String(name)));
    if (missing !== undefined) {
      throw validationError(
        `All template parameters used in the UriTemplate must be defined in the Operation, please ensure the parameter '${String(missing.name)}' is defined.`,
      );
    }
    return { body: { properties } };
  },
};

export const API_TYPES: { readonly [type: string]: ArmType } = {
  'microsoft.apimanagement/service/apis': apis,
  'microsoft.apimanagement/service/apis/operations': operations,
};
