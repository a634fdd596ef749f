import { property, type JsonObject } from '../input/json';
import { given, object, strings, text } from './json';
import type { Product, ProductPolicy } from './model';
import { mapped } from './pool';
import { productPolicy } from './product-policy';
import { APIS_OF_PRODUCTS, POLICIES_OF_PRODUCTS, PREVIEW, PRODUCTS, READER, STABLE, type Reader } from './reader';

/** Up to so many it makes no difference from which side their APIs are listed. */
const FEW_PRODUCTS = 100;

export async function readProducts(
  reader: Reader,
  instanceId: string,
  tell: (text: string) => void,
): Promise<readonly Product[]> {
  tell('reading products');
  const listed =
    (await reader.all(
      `${instanceId}/products?api-version=${PREVIEW}&expandGroups=true`,
      PRODUCTS,
      READER,
      (item) => item,
    )) ?? [];
  const apis = await apisOfProducts(reader, instanceId, listed, tell);
  let done = 0;
  return mapped(listed, async (item) => {
    const product = await readProduct(reader, instanceId, item, apis);
    done += 1;
    tell(`reading products: ${done} of ${listed.length}`);
    return product;
  });
}

/**
 * The APIs of products, by the products' names in lower case. An instance with more products than APIs is read with fewer
 * requests from the side of the APIs. Undefined where each product has to be asked.
 */
async function apisOfProducts(
  reader: Reader,
  instanceId: string,
  products: readonly JsonObject[],
  tell: (text: string) => void,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  if (products.length < FEW_PRODUCTS) {
    return undefined;
  }
  const first = await reader.one(`${instanceId}/apis?api-version=${STABLE}&$top=1`, 'APIs', READER);
  const count = property(first, 'count');
  if (typeof count !== 'number' || count * 1.1 > products.length) {
    return undefined;
  }
  const names = await reader.all(`${instanceId}/apis?api-version=${STABLE}`, 'APIs', READER, (api) => ({
    name: given(api, 'name'),
    isCurrent: property(object(api, 'properties'), 'isCurrent') !== false,
  }));
  const found = new Map<string, string[]>();
  const current = (names ?? []).filter(({ isCurrent }) => isCurrent);
  let done = 0;
  await mapped(current, async ({ name }) => {
    const holders = await reader.all(
      `${instanceId}/apis/${encodeURIComponent(name)}/products?api-version=${STABLE}`,
      APIS_OF_PRODUCTS,
      READER,
      (product) => given(product, 'name').toLowerCase(),
    );
    for (const holder of holders ?? []) {
      found.set(holder, [...(found.get(holder) ?? []), name]);
    }
    done += 1;
    tell(`reading APIs of products: ${done} of ${current.length}`);
  });
  return found;
}

async function readProduct(
  reader: Reader,
  instanceId: string,
  item: JsonObject,
  knownApis: ReadonlyMap<string, readonly string[]> | undefined,
): Promise<Product> {
  const id = given(item, 'name');
  const path = `${instanceId}/products/${encodeURIComponent(id)}`;
  const properties = object(item, 'properties');
  const listed = strings(properties, 'authenticationType');
  // a product says nothing of it as long as only keys are accepted
  const authenticationType = listed.length > 0 ? listed : ['subscription-key'];
  const subscriptionRequired = property(properties, 'subscriptionRequired') !== false;
  const entra = object(object(properties, 'application'), 'entra');
  const audience = text(entra, 'audience');
  const expanded = namesIn(properties, 'groups');
  const takesTokens = authenticationType.includes('application-token');
  const nameOf = (found: JsonObject): string => given(found, 'name');
  const [apis, groups, policy] = await Promise.all([
    knownApis === undefined
      ? reader.all(`${path}/apis?api-version=${STABLE}`, APIS_OF_PRODUCTS, READER, nameOf)
      : (knownApis.get(id.toLowerCase()) ?? []),
    // an answer that expands groups has the administrators at least
    expanded.length > 0
      ? expanded
      : reader.all(`${path}/groups?api-version=${STABLE}`, 'groups of products', READER, nameOf),
    takesTokens || subscriptionRequired ? undefined : readPolicyOf(reader, path),
  ]);
  const ofPolicy =
    policy?.checksTokens === 'always' && policy.applicationIds.length === 1 ? policy.applicationIds[0] : undefined;
  const applicationId = text(entra, 'applicationId') ?? ofPolicy;
  return {
    id,
    resourceId: `${instanceId}/products/${id}`,
    displayName: text(properties, 'displayName') ?? id,
    properties: kept(properties),
    authenticationType,
    subscriptionRequired,
    state: text(properties, 'state') ?? 'notPublished',
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(audience === undefined ? {} : { audience }),
    ...(takesTokens
      ? { enforcedBy: 'gateway' as const }
      : policy?.checksTokens === 'always'
        ? { enforcedBy: 'policy' as const }
        : {}),
    apis: [...(apis ?? [])].sort(),
    groups: [...(groups ?? [])].sort(),
    ...(policy === undefined ? {} : { policy }),
  };
}

/** Undefined where it may not be read: nothing is said of it then. */
async function readPolicyOf(reader: Reader, path: string): Promise<ProductPolicy | undefined> {
  const answer = await reader.one(
    `${path}/policies/policy?api-version=${STABLE}&format=rawxml`,
    POLICIES_OF_PRODUCTS,
    READER,
  );
  if (answer === undefined && reader.unread.some(({ part }) => part === POLICIES_OF_PRODUCTS)) {
    return undefined;
  }
  return productPolicy(text(object(answer, 'properties'), 'value'));
}

/** What adoption writes; expanded lists would be kept in memory for nothing. */
function kept(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => !Array.isArray(value)));
}

function namesIn(properties: JsonObject, name: string): string[] {
  const found = property(properties, name);
  return Array.isArray(found) ? found.flatMap((item) => text(item, 'name') ?? []) : [];
}
