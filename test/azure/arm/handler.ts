import { Cloud } from '../cloud';
import { answer, Answer, AzureError, Call } from '../http';
import { copy, isObject, JsonObject, merge } from '../json';
import { filterOf } from '../odata';
import { ArmType, normalLocation, Request, Write } from './arm-type';
import { currentRevision } from './apim/revisions';
import { pages } from './pages';
import { etag, resourceAnswer } from './resource-answer';
import { nameOf, parentOf, parseResourceId, ResourceId, resourceGroupOf, typeKeyOf, typeOf } from './resource-id';
import { Resource } from './store';
import { GENERIC, typeNamed } from './types';

/** A request for a resource, a collection, or an action of a resource. */
export function handleResource(cloud: Cloud, call: Call): Answer {
  const id = currentRevision(cloud, call.path);
  const parsed = parseResourceId(id);
  if (parsed === undefined) {
    throw new AzureError(404, 'NotFound', `No resource type is known for ${call.path}.`);
  }
  const request: Request = { cloud, call, id, parsed, apiVersion: call.query.get('api-version')! };
  const type = typeNamed(typeKeyOf(parsed));
  checkParent(request);
  return type.handle?.(request) ?? (parsed.collection ? collection(request, type) : single(request, type));
}

function collection(request: Request, type: ArmType): Answer {
  const { cloud, call, parsed } = request;
  if (call.method === 'GET') {
    return list(request, type);
  }
  const parent = parentOf(parsed);
  const action = parsed.types.at(-1)!;
  if (call.method !== 'POST' || parent === undefined) {
    throw methodNotAllowed(call.method);
  }
  const owner: ResourceId = { ...parsed, types: parsed.types.slice(0, -1), collection: false };
  const resource = existing(request, parent, typeNamed(typeKeyOf(owner)));
  const run = typeNamed(typeKeyOf(owner)).actions?.[action.toLowerCase()];
  if (run === undefined || resource === undefined) {
    throw new AzureError(404, 'NotFound', `The action '${action}' of '${typeOf(owner)}' was not found.`);
  }
  return run({ ...request, id: cloud.store.get(parent)?.id ?? parent, parsed: owner }, resource);
}

function single(request: Request, type: ArmType): Answer {
  const { call, id } = request;
  const resource = existing(request, id, type);
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      if (resource === undefined) {
        throw notFound(request);
      }
      return answer(200, call.method === 'HEAD' ? undefined : view(request, resource, type), etag(resource));
    case 'PUT':
    case 'PATCH':
      return write(request, resource, type);
    case 'DELETE':
      if (resource === undefined) {
        return answer(204);
      }
      type.remove?.(request, resource);
      forget(request.cloud, resource);
      return type.removed?.(request, resource) ?? answer(200);
    default:
      throw methodNotAllowed(call.method);
  }
}

/** The resource, made on the spot where it is one that is always there. */
function existing(request: Request, id: string, type: ArmType): Resource | undefined {
  const { cloud } = request;
  const known = cloud.store.get(id);
  const initial = known === undefined ? type.initial?.({ ...request, id }) : undefined;
  return initial === undefined
    ? known
    : cloud.store.put(id, { properties: initial }, cloud.clock.now(), { seeded: true });
}

function write(request: Request, before: Resource | undefined, type: ArmType): Answer {
  const { cloud, call, id } = request;
  const patch = call.method === 'PATCH';
  if (patch && before === undefined) {
    throw notFound(request);
  }
  if (patch && type.conditional === true && call.headers['if-match'] === undefined) {
    throw new AzureError(400, 'MissingOrIncorrectHeader', "Missing or incorrect 'If-Match' header");
  }
  const expected = call.headers['if-match'];
  if (expected !== undefined && expected !== '*' && before !== undefined && etag(before).ETag !== expected) {
    throw new AzureError(412, 'PreconditionFailed', 'The resource was changed meanwhile: its ETag is another one.');
  }
  const { id: _id, name: _name, type: _type, ...sent } = copy(call.json);
  if (sent.location !== undefined) {
    sent.location = normalLocation(sent.location);
  }
  if (before?.body.location !== undefined && sent.location !== undefined && before.body.location !== sent.location) {
    throw new AzureError(
      409,
      'InvalidResourceLocation',
      `The resource '${nameOf(id)}' already exists in location '${String(before.body.location)}'.`,
    );
  }
  const attempt: Write = { ...request, before, body: patch ? merge(before!.body, sent) : sent, patch };
  const { body, hidden } = (type.write ?? GENERIC.write!)(attempt);
  const resource = cloud.store.put(before?.id ?? id, body, cloud.clock.now(), { hidden });
  type.written?.(attempt, resource);
  const status = before === undefined ? 201 : 200;
  const answered = view(request, resource, type);
  const operation = type.asynchronous === true ? cloud.operations.start(call.host, answered.properties) : {};
  return answer(status, answered, { ...etag(resource), ...operation });
}

function list(request: Request, type: ArmType): Answer {
  const { cloud, call, parsed } = request;
  const { query } = call;
  let bodies = members(request).map((resource) => view(request, resource, type));
  const filter = query.get('$filter');
  if (filter !== null) {
    const test = filterOf(filter);
    bodies = bodies.filter((body) => test({ ...body, ...(isObject(body.properties) ? body.properties : {}) }));
  }
  return pages(
    cloud,
    call,
    bodies,
    parsed.types.length > 1 && typeKeyOf(parsed).startsWith('microsoft.apimanagement/'),
  );
}

/** Resources of a collection; of a whole subscription where no group is named. */
function members({ cloud, id, parsed }: Request): Resource[] {
  if (parsed.types.length > 1 || resourceGroupOf(id) !== undefined) {
    return cloud.store.list(id);
  }
  return cloud.store.ofType(typeKeyOf(parsed));
}

function view(request: Request, resource: Resource, type: ArmType): JsonObject {
  const body = resourceAnswer(resource);
  return type.read?.(request, body, resource) ?? body;
}

/** Removes a resource as its type does it, with what hangs on it. */
export function removeResource(cloud: Cloud, call: Call, id: string): void {
  const resource = cloud.store.get(id);
  const parsed = parseResourceId(id);
  if (resource !== undefined && parsed !== undefined) {
    typeNamed(typeKeyOf(parsed)).remove?.({ cloud, call, id: resource.id, parsed, apiVersion: '' }, resource);
    forget(cloud, resource);
  }
}

function forget(cloud: Cloud, resource: Resource): void {
  // Extensions such as role assignments are below it too.
  cloud.store.remove(resource.id);
}

function checkParent({ cloud, id, parsed }: Request): void {
  const parent = parentOf(parsed);
  const owner = parent === undefined ? undefined : parseResourceId(parent);
  if (parent === undefined || owner === undefined || cloud.store.get(parent) !== undefined) {
    return;
  }
  const type = typeNamed(typeKeyOf(owner));
  if (type.initial !== undefined || type.virtual === true) {
    return;
  }
  throw new AzureError(
    404,
    'ParentResourceNotFound',
    `Failed to perform operation on '${id}': the parent resource '${nameOf(parent)}' of type '${typeOf(owner)}' was not found.`,
  );
}

function notFound({ id, parsed }: Request): AzureError {
  const group = resourceGroupOf(id);
  return new AzureError(
    404,
    'ResourceNotFound',
    `The Resource '${typeOf(parsed)}/${parsed.names.join('/')}' under resource group '${group === undefined ? '' : nameOf(group)}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

const methodNotAllowed = (method: string): AzureError =>
  new AzureError(405, 'MethodNotAllowed', `The HTTP method '${method}' is not supported at scope.`);
