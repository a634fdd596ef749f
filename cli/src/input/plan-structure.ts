import { isObject, list, property, type JsonObject } from './json';

export const SHOW = 'give the output of terraform show -json PLAN';

/** Every module of a configuration nests two or three levels, and nobody nests hundreds of them. */
const MOST_LEVELS = 1_000;

/** Whether the JSON is nested so deep that no configuration can be behind it; walks it without recursion. */
export function isTooDeep(json: unknown): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) {
      return true;
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value === 'object' && value !== null) {
        // parsed JSON inherits nothing, and a list of all values would be made for each object
        for (const name in value) {
          const inner = (value as JsonObject)[name];
          if (typeof inner === 'object' && inner !== null) {
            next.push(inner);
          }
        }
      }
    }
    level = next;
  }
  return false;
}

/** Whether there is something: a list or an object that is not empty, or what is neither. */
export function isFilled(value: unknown): boolean {
  if (value === undefined || value === null) {
    return false;
  }
  return typeof value === 'object' ? Object.keys(value).length > 0 : true;
}

/** Why the lists of changes are no such lists. */
export function structureProblem(json: JsonObject): string | undefined {
  for (const name of ['resource_changes', 'resource_drift', 'action_invocations']) {
    const changes = json[name];
    if (changes === undefined || changes === null) {
      continue;
    }
    if (!Array.isArray(changes)) {
      return `${name} is not a list, so the plan is damaged; ${SHOW} again`;
    }
    const problems = changes.map((change: unknown) =>
      name === 'action_invocations' ? invocationProblem(change) : changeProblem(change),
    );
    const position = problems.findIndex((problem) => problem !== undefined);
    if (position >= 0) {
      return `entry ${position + 1} of ${name} has ${problems[position] ?? ''}, so the plan is damaged; ${SHOW} again`;
    }
  }
  return undefined;
}

function invocationProblem(invocation: unknown): string | undefined {
  return typeof property(invocation, 'address') === 'string' && typeof property(invocation, 'type') === 'string'
    ? undefined
    : 'no address or type';
}

function changeProblem(entry: unknown): string | undefined {
  const change = property(entry, 'change');
  const actions = property(change, 'actions');
  if (
    typeof property(entry, 'address') !== 'string' ||
    typeof property(entry, 'type') !== 'string' ||
    typeof property(entry, 'name') !== 'string' ||
    !Array.isArray(actions)
  ) {
    return 'no address, type or actions';
  }
  if (property(entry, 'mode') === 'data' && actions.some((action) => !READS.has(action))) {
    return 'an action that no data source has';
  }
  return sidesProblem(change, actions.map(String));
}

/** All that a plan does to data sources. */
const READS: ReadonlySet<unknown> = new Set(['no-op', 'read', 'delete', 'forget']);

/** The side that an object does not have if it is created or destroyed. */
const LACKS: Readonly<Record<string, 'before' | 'after' | undefined>> = {
  create: 'before',
  delete: 'after',
  forget: 'after',
};

/** Which sides an action needs; unknown actions are reported elsewhere. */
const NEEDS: Readonly<Record<string, readonly ('before' | 'after')[]>> = {
  'no-op': ['before', 'after'],
  create: ['after'],
  read: ['after'],
  update: ['before', 'after'],
  delete: ['before'],
  forget: ['before'],
};

function sidesProblem(change: unknown, actions: readonly string[]): string | undefined {
  const joined = actions.join();
  for (const side of ['before', 'after'] as const) {
    const value = property(change, side);
    if (value !== undefined && value !== null && !isObject(value)) {
      return `${side === 'after' ? 'an' : 'a'} ${side} that is not an object`;
    }
    if (isObject(value) && LACKS[joined] === side) {
      return `${side === 'after' ? 'an' : 'a'} ${side}, which ${joined} does not have`;
    }
    if (!isObject(value) && actions.some((action) => Object.hasOwn(NEEDS, action) && NEEDS[action]?.includes(side))) {
      return `no ${side}, which its actions need`;
    }
  }
  const [before, after] = [property(change, 'before'), property(change, 'after')];
  return joined === 'no-op' && JSON.stringify(before) !== JSON.stringify(after)
    ? 'the action no-op, although it changes'
    : undefined;
}

/** Why the lists of changes cannot be all that the plan does: something else in it says that there is more. */
export function contradiction(json: JsonObject): string | undefined {
  const changes = list(json, 'resource_changes');
  const addresses = new Set(changes.map((change) => property(change, 'address')));
  const missing = managedAddresses(property(property(json, 'planned_values'), 'root_module')).find(
    (address) => !addresses.has(address),
  );
  if (missing !== undefined) {
    return `resource_changes is missing or says less than planned_values, so the plan is damaged; ${SHOW} again`;
  }
  if (changes.length === 0 && configures(property(property(json, 'configuration'), 'root_module'))) {
    return managedAddresses(property(property(property(json, 'prior_state'), 'values'), 'root_module')).length > 0 ||
      json.applyable === true
      ? `resource_changes is missing or empty, although the plan has resources; ${SHOW} again`
      : undefined;
  }
  return json.applyable === true && !showsChange(json, changes)
    ? `the plan says that it can be applied, but shows nothing that it would do; ${SHOW} again`
    : undefined;
}

function managedAddresses(root: unknown): string[] {
  const found: string[] = [];
  for (const modules = [root]; modules.length > 0;) {
    const module = modules.pop();
    for (const resource of list(module, 'resources')) {
      const address = property(resource, 'address');
      if (property(resource, 'mode') === 'managed' && typeof address === 'string') {
        found.push(address);
      }
    }
    modules.push(...list(module, 'child_modules'));
  }
  return found;
}

/** Whether a configuration has resources or calls modules, which may have some. */
function configures(module: unknown): boolean {
  return (
    list(module, 'resources').some((resource) => property(resource, 'mode') === 'managed') ||
    isFilled(property(module, 'module_calls'))
  );
}

function showsChange(json: JsonObject, changes: readonly unknown[]): boolean {
  const acts = (change: unknown): boolean => list(change, 'actions').some((action) => action !== 'no-op');
  const outputs = property(json, 'output_changes');
  return (
    list(json, 'resource_drift').length > 0 ||
    list(json, 'action_invocations').length > 0 ||
    (isObject(outputs) && Object.values(outputs).some(acts)) ||
    changes.some(
      (entry) =>
        acts(property(entry, 'change')) ||
        typeof property(entry, 'previous_address') === 'string' ||
        property(property(entry, 'change'), 'importing') !== undefined,
    )
  );
}
