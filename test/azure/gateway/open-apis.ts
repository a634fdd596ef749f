import { services } from '../arm/apim/service';
import { nameOf } from '../arm/resource-id';
import { Resource } from '../arm/store';
import { Cloud } from '../cloud';
import { AzureError } from '../http';
import { newCall } from '../proxy';
import { basePath, respond } from './gateway';

/** APIs that answer a caller who has neither a key nor a token, as `<service>/<API>`. */
export function openApis(cloud: Cloud): string[] {
  return services(cloud).flatMap((service) =>
    cloud.store
      .list(`${service.id}/apis`)
      .filter((api) => operationsOf(cloud, api).some((operation) => isOpen(cloud, { service, api, operation })))
      .map((api) => `${nameOf(service.id)}/${nameOf(api.id)}`),
  );
}

/** Those that the API has; where it has none, one stands for those that it may get. */
function operationsOf(cloud: Cloud, api: Resource): readonly Resource[] {
  const operations = cloud.store.list(`${api.id}/operations`);
  return operations.length > 0
    ? operations
    : [
        {
          id: `${api.id}/operations/any`,
          body: { properties: { method: 'GET', urlTemplate: '/*' } },
          version: 1,
          createdAt: 0,
          hidden: {},
        },
      ];
}

function isOpen(cloud: Cloud, called: { service: Resource; api: Resource; operation: Resource }): boolean {
  const { service, api, operation } = called;
  const { method, urlTemplate } = operation.body.properties as { method: string; urlTemplate: string };
  const path = `${basePath(api)}${urlTemplate.replace(/[{}*]/g, '')}`;
  const call = newCall(method, new URL(path, `https://${nameOf(service.id)}.azure-api.net`), {}, '');
  try {
    return respond(cloud, call, called).status < 400;
  } catch (error) {
    if (error instanceof AzureError) {
      return false;
    }
    throw error;
  }
}
