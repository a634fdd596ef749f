import { isObject, list, property, type JsonObject } from '../input/json';
import type { Action, Resource, Side } from './resource';

/** What is read of a plan. */
export interface Plan {
  readonly stack: string;
  readonly file: string;
  readonly terraformVersion?: string;
  /** All that the plan names, managed and data, untouched ones too. */
  readonly resources: readonly Resource[];
  /** The same resources as changes that happened outside of Terraform. */
  readonly drifted: readonly Resource[];
  readonly configuration: JsonObject;
  readonly variables: JsonObject;
  /** The outputs of the root module that the plan sets or changes, by name. */
  readonly changedOutputs: readonly ChangedOutput[];
  /** Addresses of checks that failed. */
  readonly failedChecks: readonly string[];
  /** How many resources carry a reason that this version does not know. */
  readonly unknownReasons: number;
  /** Resources with actions that this version does not know. */
  readonly unknownActions: readonly Resource[];
}

export interface ChangedOutput {
  readonly name: string;
  /** What it will be; undefined where that is unknown until apply. */
  readonly after: unknown;
  /** Whether a part of it is unknown until apply. */
  readonly unknown: boolean;
}

const ACTIONS: Readonly<Record<string, Pick<Resource, 'action' | 'createsFirst' | 'leavesFormer'>>> = {
  'no-op': kept('no-op'),
  create: kept('create'),
  read: kept('read'),
  update: kept('update'),
  delete: kept('delete'),
  forget: kept('forget'),
  'delete,create': { action: 'replace', createsFirst: false, leavesFormer: false },
  'create,delete': { action: 'replace', createsFirst: true, leavesFormer: false },
  'create,forget': { action: 'replace', createsFirst: true, leavesFormer: true },
  'forget,create': { action: 'replace', createsFirst: false, leavesFormer: true },
};

const REASONS: ReadonlySet<string> = new Set([
  'replace_because_cannot_update',
  'replace_because_tainted',
  'replace_by_request',
  'replace_by_triggers',
  'delete_because_no_resource_config',
  'delete_because_no_module',
  'delete_because_wrong_repetition',
  'delete_because_count_index',
  'delete_because_each_key',
  'delete_because_no_move_target',
  'read_because_config_unknown',
  'read_because_dependency_pending',
  'read_because_check_nested',
]);

/** Reads a plan whose structure has been checked. */
export function readPlan(json: JsonObject, stack: string, file: string): Plan {
  const changes = list(json, 'resource_changes').filter(isObject);
  const changed = changes.map((change) => resourceOf(change, stack));
  const known = new Set(changed.map(({ address }) => address));
  const untouched = priorResources(json, stack).filter(({ address }) => !known.has(address));
  const invoked = list(json, 'action_invocations')
    .filter(isObject)
    .map((invocation) => invocationOf(invocation, stack));
  const resources = [...changed, ...untouched, ...invoked];
  const version = property(json, 'terraform_version');
  return {
    stack,
    file,
    ...(typeof version === 'string' && /^\d+\.\d+\.\d+[\w.+-]{0,40}$/.test(version)
      ? { terraformVersion: version }
      : {}),
    resources,
    drifted: driftOf(list(json, 'resource_drift').filter(isObject), resources, stack),
    configuration: objectAt(json, 'configuration'),
    variables: objectAt(json, 'variables'),
    changedOutputs: Object.entries(objectAt(json, 'output_changes'))
      .filter(([, change]) => list(change, 'actions').some((action) => action === 'create' || action === 'update'))
      .map(([name, change]) => ({
        name,
        after: property(change, 'after'),
        unknown: JSON.stringify(property(change, 'after_unknown') ?? false).includes('true'),
      }))
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
    failedChecks: failedChecks(json),
    unknownReasons: changes.filter((change) => {
      const reason = property(change, 'action_reason');
      return typeof reason === 'string' && reason !== '' && !REASONS.has(reason);
    }).length,
    unknownActions: changes
      .filter((change) => actionOf(change) === undefined)
      .map((change) => resourceOf(change, stack)),
  };
}

/** An action that the apply invokes, as if it were an object that is made: what it is given is known or not. */
function invocationOf(json: JsonObject, stack: string): Resource {
  return {
    ...identity({ ...json, name: property(json, 'name') ?? '' }, stack, String(property(json, 'address'))),
    mode: 'action',
    ...kept('create'),
    importing: false,
    moved: false,
    deposed: false,
    forcedBy: [],
    after: {
      value: property(json, 'config_values') ?? {},
      unknown: property(json, 'config_unknown'),
      sensitive: property(json, 'config_sensitive'),
    },
  };
}

function kept(action: Action): Pick<Resource, 'action' | 'createsFirst' | 'leavesFormer'> {
  return { action, createsFirst: false, leavesFormer: false };
}

function actionOf(change: JsonObject): Pick<Resource, 'action' | 'createsFirst' | 'leavesFormer'> | undefined {
  const key = list(property(change, 'change'), 'actions').join(',');
  return Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined;
}

function resourceOf(json: JsonObject, stack: string): Resource {
  const change = property(json, 'change');
  const reason = property(json, 'action_reason');
  const address = String(property(json, 'address'));
  const previous = property(json, 'previous_address');
  const action = actionOf(json) ?? kept('no-op');
  const before = sideOf(change, 'before');
  // what is forgotten stays as it is
  const after = action.action === 'forget' ? before : sideOf(change, 'after');
  return {
    ...identity(json, stack, address),
    ...action,
    importing: isObject(property(change, 'importing')),
    moved: typeof previous === 'string' && previous !== '' && previous !== address,
    deposed: typeof property(json, 'deposed') === 'string',
    ...(typeof reason === 'string' && REASONS.has(reason) ? { reason } : {}),
    forcedBy: list(change, 'replace_paths')
      .map(pathName)
      .filter((path) => path !== ''),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function identity(json: JsonObject, stack: string, address: string) {
  const index = property(json, 'index');
  const moduleAddress = property(json, 'module_address');
  return {
    stack,
    address,
    moduleAddress: typeof moduleAddress === 'string' ? moduleAddress : '',
    mode: property(json, 'mode') === 'data' ? ('data' as const) : ('managed' as const),
    type: String(property(json, 'type')),
    name: String(property(json, 'name')),
    ...(typeof index === 'string' || typeof index === 'number' ? { index } : {}),
  };
}

function sideOf(change: unknown, side: 'before' | 'after'): Side | undefined {
  const value = property(change, side);
  if (!isObject(value)) {
    return undefined;
  }
  return withPlace({
    value,
    unknown: side === 'after' ? property(change, 'after_unknown') : undefined,
    sensitive: property(change, `${side}_sensitive`),
  });
}

/** Blocks of azapi that write over an object name it by its id: what its parent and its own name are is in there. */
function withPlace(side: Side): Side {
  const [, parent, name] = /^(\/.+)\/[^/]+\/([^/]+)$/.exec(String(property(side.value, 'resource_id'))) ?? [];
  if (parent === undefined || name === undefined || typeof property(side.value, 'type') !== 'string') {
    return side;
  }
  const value = side.value as JsonObject;
  const unknown = isObject(side.unknown) ? { ...side.unknown, parent_id: false, name: false } : side.unknown;
  return { ...side, value: { ...value, parent_id: parent, name }, unknown };
}

/** Map keys in a path may be anybody's text: only what looks like an attribute's name is kept. */
function pathName(path: unknown): string {
  const steps = Array.isArray(path) ? path : [path];
  return steps
    .filter((step): step is string => typeof step === 'string' && /^[A-Za-z_]\w{0,63}$/.test(step))
    .slice(0, 3)
    .join('.');
}

/** Resources of the prior state: data sources, and what a plan for chosen targets leaves out. */
function priorResources(json: JsonObject, stack: string): Resource[] {
  const root = property(property(property(json, 'prior_state'), 'values'), 'root_module');
  return moduleResources(root).map((resource) => {
    const side = {
      value: property(resource, 'values'),
      unknown: undefined,
      sensitive: property(resource, 'sensitive_values'),
    };
    const moduleAddress = property(resource, 'module_address');
    return {
      ...identity({ ...resource, module_address: moduleAddress }, stack, String(property(resource, 'address'))),
      ...kept('no-op'),
      importing: false,
      moved: false,
      deposed: false,
      forcedBy: [],
      before: side,
      after: side,
    };
  });
}

/** Without recursion: modules may be nested deep. */
function moduleResources(root: unknown): JsonObject[] {
  const found: JsonObject[] = [];
  for (const modules = [root]; modules.length > 0;) {
    const module = modules.pop();
    const address = property(module, 'address');
    for (const resource of list(module, 'resources').filter(isObject)) {
      found.push(typeof address === 'string' ? { ...resource, module_address: address } : resource);
    }
    modules.push(...[...list(module, 'child_modules')].reverse());
  }
  return found;
}

/** Everything as it was recorded (before) and as it was found (after). */
function driftOf(drift: readonly JsonObject[], resources: readonly Resource[], stack: string): Resource[] {
  if (drift.length === 0) {
    return [];
  }
  const drifted = drift.map((change) => resourceOf(change, stack)).filter(({ action }) => action !== 'no-op');
  const addresses = new Set(drifted.map(({ address }) => address));
  return [...drifted, ...asFound(resources.filter(({ address }) => !addresses.has(address)))];
}

/** Resources as they are before the plan, as if it did nothing. */
export function asFound(resources: readonly Resource[]): Resource[] {
  return resources
    .filter(({ before }) => before !== undefined)
    .map((resource) => ({
      ...resource,
      ...kept('no-op'),
      importing: false,
      moved: false,
      forcedBy: [],
      ...(resource.before === undefined ? {} : { after: resource.before }),
    }));
}

function failedChecks(json: JsonObject): string[] {
  return list(json, 'checks')
    .filter((check) => property(check, 'status') === 'fail')
    .map((check) => property(property(check, 'address'), 'to_display'))
    .filter((address): address is string => typeof address === 'string')
    .sort();
}

function objectAt(json: JsonObject, name: string): JsonObject {
  const found = property(json, name);
  return isObject(found) ? found : {};
}
