import { badRequest } from '../entra/directory';
import { answer, Answer, Call } from '../http';
import { JsonObject } from '../json';
import { filterOf, pageOf } from '../odata';
import type { GraphRequest } from './graph';

interface ListOptions {
  /** What is answered of each entry; `$filter` sees it too. */
  readonly view?: (object: JsonObject) => JsonObject;
  /** `…/$count`: the number and nothing else. */
  readonly count?: boolean;
  /** One object, not a list. */
  readonly single?: boolean;
}

const LARGEST_PAGE = 999;

/** A list as Graph answers it, with `$filter`, `$search`, `$select`, `$top`, `$count` and pages. */
export function list(
  { cloud, call }: Pick<GraphRequest, 'cloud' | 'call'>,
  objects: readonly JsonObject[],
  options: ListOptions = {},
): Answer {
  const { query } = call;
  const eventual = call.headers.consistencylevel === 'eventual';
  const select = selection(query);
  if (options.single === true) {
    return answer(200, { '@odata.context': contextOf(call), ...select((options.view ?? same)(objects[0])) });
  }
  const filter = query.get('$filter');
  if ((query.has('$search') || (filter !== null && /\b(ne|not|endswith)\b/i.test(filter))) && !eventual) {
    throw badRequest(
      'Request with $search, or with an advanced $filter, needs the header ConsistencyLevel:eventual and $count=true.',
      'Request_UnsupportedQuery',
    );
  }
  const size = pageSizeOf(query, cloud.settings.pageSize);
  let found = searched(objects.map(options.view ?? same), query.get('$search'));
  found = filter === null ? found : found.filter(filterOf(filter));
  if (options.count === true) {
    return answer(200, String(found.length), { 'Content-Type': 'text/plain' });
  }
  const page = pageOf(found, Number(query.get('$skiptoken') ?? 0), size);
  return answer(200, {
    '@odata.context': contextOf(call),
    ...(query.get('$count') === 'true' ? { '@odata.count': found.length } : {}),
    ...(page.next === undefined ? {} : { '@odata.nextLink': nextLink(call, page.next) }),
    value: page.entries.map(select),
  });
}

function pageSizeOf(query: URLSearchParams, size: number): number {
  const top = query.get('$top');
  if (top === null) {
    return size;
  }
  if (!/^\d+$/.test(top) || Number(top) < 1 || Number(top) > LARGEST_PAGE) {
    throw badRequest(`Invalid page size specified: '${top}'. Must be between 1 and ${LARGEST_PAGE} inclusive.`);
  }
  return Number(top);
}

function searched(objects: JsonObject[], search: string | null): JsonObject[] {
  const wanted = search?.replaceAll('"', '').split(':');
  if (wanted === undefined) {
    return objects;
  }
  const [property, value] = wanted.length === 1 ? ['displayName', wanted[0]] : wanted;
  return objects.filter((object) =>
    String(object[property] ?? '')
      .toLowerCase()
      .includes(value.toLowerCase()),
  );
}

function selection(query: URLSearchParams): (object: JsonObject) => JsonObject {
  const names = query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  if (names === undefined) {
    return withoutKeys;
  }
  const expanded = (query.get('$expand') ?? '').split(',').map((name) => name.replace(/\(.*/, ''));
  const kept = new Set(['@odata.type', ...names, ...expanded]);
  return (object) => Object.fromEntries(Object.entries(object).filter(([name]) => kept.has(name)));
}

function nextLink(call: Call, skip: number): string {
  const query = new URLSearchParams(call.query);
  query.set('$skiptoken', String(skip));
  return `https://${call.host}${call.path}?${query.toString()}`;
}

const contextOf = ({ host, path }: Call): string =>
  `https://${host}/v1.0/$metadata#${path.split('/').slice(2).join('/')}`;

/** Certificates are answered only where they are selected. */
function withoutKeys(object: JsonObject): JsonObject {
  const { keyCredentials } = object as { keyCredentials?: JsonObject[] };
  return keyCredentials === undefined || keyCredentials.length === 0
    ? object
    : { ...object, keyCredentials: keyCredentials.map((credential) => ({ ...credential, key: null })) };
}

const same = (object: JsonObject): JsonObject => object;
