import { isObject, list, property, type JsonObject } from '../input/json';
import { formatModuleAddress, parseModuleAddress, parseReference, type ModuleStep, type Step } from './address';
import type { Path } from './attributes';
import type { Plan } from './plan';
import type { Resource } from './resource';

/** A resource that an expression refers to, and the attribute of it. */
export interface Target {
  readonly resource: Resource;
  readonly attribute: readonly (string | number)[];
}

/** Where an expression stands: its module, and what `each` means there. */
interface Scope {
  readonly modules: readonly ModuleStep[];
  readonly key?: string | number;
  readonly forEach?: unknown;
}

/** What the values of a `for_each` may refer to. */
interface Choices {
  readonly all: Target[];
  readonly byName: ReadonlyMap<string, Target[]>;
  readonly byText: ReadonlyMap<string, Target[]>;
}

const MAX_DEPTH = 24;

/**
 * Follows the expressions of a plan's configuration, through modules, variables, outputs and
 * `for_each`, to the resources that a value comes from. This is how an id that is unknown before the
 * apply gets the name of what it will identify.
 */
export class References {
  private readonly root: unknown;
  private readonly instances = new Map<string, Resource[]>();
  private readonly choices = new WeakMap<object, Map<string, Choices>>();
  private readonly configurations = new Map<string, Map<string, JsonObject>>();

  constructor(plan: Plan) {
    this.root = property(plan.configuration, 'root_module');
    for (const resource of plan.resources) {
      if (resource.deposed) {
        continue;
      }
      const key = instanceKey(resource.moduleAddress, resource.mode, resource.type, resource.name);
      const found = this.instances.get(key);
      if (found === undefined) {
        this.instances.set(key, [resource]);
      } else {
        found.push(resource);
      }
    }
  }

  /** The resources that an attribute of a resource is made from. */
  targets(resource: Resource, path: Path): readonly Target[] {
    const configuration = this.configurationOf(resource);
    if (configuration === undefined) {
      return [];
    }
    const [first, ...rest] = path;
    const expression = property(property(configuration, 'expressions'), String(first));
    return distinct(this.follow(expression, rest, this.scopeOf(resource, configuration), 0));
  }

  /** The attributes that the configuration gives a resource; undefined where it has none, as for what is taken away. */
  attributesSet(resource: Resource): ReadonlySet<string> | undefined {
    const expressions = property(this.configurationOf(resource), 'expressions');
    return isObject(expressions) ? new Set(Object.keys(expressions)) : undefined;
  }

  /** Whether the configuration sets an attribute, as opposed to what the service fills in. */
  isSet(resource: Resource, attributeName: string): boolean {
    return property(property(this.configurationOf(resource), 'expressions'), attributeName) !== undefined;
  }

  /** Every reference that the configuration of a resource holds, by the attribute or block it is in. */
  allWritten(resource: Resource): ReadonlyMap<string, readonly string[]> {
    const expressions = property(this.configurationOf(resource), 'expressions');
    return new Map(
      Object.entries(isObject(expressions) ? expressions : {}).map(([attributeName, expression]) => [
        attributeName,
        leaves(referencesIn(expression)),
      ]),
    );
  }

  /** What a reference that stands in the configuration of a resource means. */
  meant(resource: Resource, reference: string): readonly Target[] {
    const configuration = this.configurationOf(resource);
    return configuration === undefined
      ? []
      : distinct(this.followReference(reference, [], this.scopeOf(resource, configuration), 0));
  }

  /** What an output of the root module is made from, and whether it is marked as sensitive. */
  output(name: string): { readonly targets: readonly Target[]; readonly sensitive: boolean } {
    const output = property(property(this.root, 'outputs'), name);
    return {
      targets: this.follow(property(output, 'expression'), [], { modules: [] }, 0),
      sensitive: property(output, 'sensitive') === true,
    };
  }

  /** The references as they are written, innermost names only, such as `each.value` or `local.ids`. */
  written(resource: Resource, path: Path): readonly string[] {
    const [first] = path;
    const expression = property(property(this.configurationOf(resource), 'expressions'), String(first));
    return leaves(list(expression, 'references'));
  }

  /** The text as it is written, with `${...}`, where the configuration is JSON. */
  template(resource: Resource, path: Path): string | undefined {
    const [first, ...rest] = path;
    const expression = property(property(this.configurationOf(resource), 'expressions'), String(first));
    const constant = rest.reduce<unknown>(at, property(expression, 'constant_value'));
    return typeof constant === 'string' ? constant : undefined;
  }

  private scopeOf(resource: Resource, configuration: JsonObject): Scope {
    return {
      modules: parseModuleAddress(resource.moduleAddress),
      ...(resource.index === undefined ? {} : { key: resource.index }),
      forEach: configuration.for_each_expression,
    };
  }

  private configurationOf(resource: Resource): JsonObject | undefined {
    return this.moduleResources(parseModuleAddress(resource.moduleAddress)).get(
      `${resource.mode}.${resource.type}.${resource.name}`,
    );
  }

  private moduleAt(modules: readonly ModuleStep[]): unknown {
    return modules.reduce<unknown>(
      (module, { name }) => property(property(property(module, 'module_calls'), name), 'module'),
      this.root,
    );
  }

  private moduleResources(modules: readonly ModuleStep[]): Map<string, JsonObject> {
    const path = modules.map(({ name }) => name).join('.');
    let found = this.configurations.get(path);
    if (found === undefined) {
      found = new Map();
      for (const resource of list(this.moduleAt(modules), 'resources')) {
        if (isObject(resource)) {
          found.set(`${String(resource.mode)}.${String(resource.type)}.${String(resource.name)}`, resource);
        }
      }
      this.configurations.set(path, found);
    }
    return found;
  }

  private follow(expression: unknown, path: Path, scope: Scope, depth: number): Target[] {
    if (depth > MAX_DEPTH) {
      return [];
    }
    if (Array.isArray(expression) || (isObject(expression) && !isExpression(expression))) {
      const [first, ...rest] = path;
      return first === undefined ? [] : this.follow(at(expression, first), rest, scope, depth + 1);
    }
    const constant = property(expression, 'constant_value');
    if (constant !== undefined) {
      return stringsIn(path.reduce<unknown>(at, constant))
        .flatMap(interpolations)
        .flatMap((reference) => this.followReference(reference, [], scope, depth + 1));
    }
    return leaves(list(expression, 'references')).flatMap((reference) =>
      this.followReference(reference, [], scope, depth + 1),
    );
  }

  private followReference(reference: string, path: Path, scope: Scope, depth: number): Target[] {
    const steps = parseReference(reference);
    const [first, second] = steps.map((step) => ('name' in step ? step.name : undefined));
    switch (first) {
      case undefined:
      case 'local':
      case 'path':
      case 'terraform':
      case 'count':
      case 'self':
      case 'ephemeral':
        return [];
      case 'each':
        return second === 'value' ? this.followEach([...values(steps.slice(2)), ...path], scope, depth) : [];
      case 'var':
        return this.followVariable(second, [...values(steps.slice(2)), ...path], scope, depth);
      case 'module':
        return this.followOutput(steps.slice(1), path, scope, depth);
      case 'data':
        return this.resourcesAt('data', steps.slice(1), path, scope);
      default:
        return this.resourcesAt('managed', steps, path, scope);
    }
  }

  private followEach(path: Path, scope: Scope, depth: number): Target[] {
    if (scope.key === undefined) {
      return [];
    }
    const constant = property(scope.forEach, 'constant_value');
    if (constant !== undefined) {
      return this.follow({ constant_value: at(constant, scope.key) }, path, withoutEach(scope), depth + 1);
    }
    // without the map's text only the name tells which of its values belongs to the key
    const choices = this.choicesOf(scope, depth);
    const key = String(scope.key);
    return choices.byName.get(key) ?? choices.byText.get(key) ?? (choices.all.length === 1 ? choices.all : []);
  }

  /** What the values of a `for_each` may be; found once, since a map of a thousand keys asks a thousand times. */
  private choicesOf(scope: Scope, depth: number): Choices {
    const expression = isObject(scope.forEach) ? scope.forEach : {};
    const module = formatModuleAddress(scope.modules);
    const known = this.choices.get(expression) ?? new Map<string, Choices>();
    this.choices.set(expression, known);
    let found = known.get(module);
    if (found === undefined) {
      const all = distinct(this.follow(expression, [], withoutEach(scope), depth + 1));
      found = {
        all: [...all],
        byName: groupTargets(all, ({ resource }) => [
          resource.name,
          ...(resource.index === undefined ? [] : [String(resource.index)]),
        ]),
        byText: groupTargets(all, ({ resource }) =>
          [resource.before, resource.after].flatMap((side) => namesIn(side?.value)),
        ),
      };
      known.set(module, found);
    }
    return found;
  }

  private followVariable(name: string | undefined, path: Path, scope: Scope, depth: number): Target[] {
    const last = scope.modules.at(-1);
    if (name === undefined || last === undefined) {
      return [];
    }
    const outer = scope.modules.slice(0, -1);
    const call = property(property(this.moduleAt(outer), 'module_calls'), last.name);
    return this.follow(
      property(property(call, 'expressions'), name),
      path,
      {
        modules: outer,
        ...(last.key === undefined ? {} : { key: last.key }),
        forEach: property(call, 'for_each_expression'),
      },
      depth + 1,
    );
  }

  private followOutput(steps: readonly Step[], path: Path, scope: Scope, depth: number): Target[] {
    const [module, next, ...rest] = steps;
    if (module === undefined || !('name' in module) || next === undefined) {
      return [];
    }
    const keyed = 'key' in next;
    const modules = [
      ...scope.modules,
      { name: module.name, ...(keyed ? { key: next.key } : this.eachKey(module.name, scope)) },
    ];
    const output = keyed ? rest[0] : next;
    if (output === undefined || !('name' in output)) {
      return [];
    }
    const expression = property(property(property(this.moduleAt(modules), 'outputs'), output.name), 'expression');
    return this.follow(expression, [...values(keyed ? rest.slice(1) : rest), ...path], { modules }, depth + 1);
  }

  /** The key of a module's instance that is meant where none is written: the one of `each`. */
  private eachKey(name: string, scope: Scope): { key?: string | number } {
    const call = property(property(this.moduleAt(scope.modules), 'module_calls'), name);
    return property(call, 'for_each_expression') !== undefined && scope.key !== undefined ? { key: scope.key } : {};
  }

  private resourcesAt(mode: Resource['mode'], steps: readonly Step[], path: Path, scope: Scope): Target[] {
    const [type, name, ...rest] = steps;
    if (type === undefined || name === undefined || !('name' in type) || !('name' in name)) {
      return [];
    }
    const instances =
      this.instances.get(instanceKey(formatModuleAddress(scope.modules), mode, type.name, name.name)) ?? [];
    const [key, ...attribute] = rest;
    const keyed = key !== undefined && 'key' in key;
    const chosen = keyed
      ? instances.filter(({ index }) => index === key.key)
      : instances.length > 1
        ? instances.filter(({ index }) => index === scope.key || scope.key === undefined)
        : instances;
    return chosen.map((resource) => ({ resource, attribute: [...values(keyed ? attribute : rest), ...path] }));
  }
}

function instanceKey(moduleAddress: string, mode: string, type: string, name: string): string {
  return `${moduleAddress}/${mode}.${type}.${name}`;
}

function withoutEach({ modules }: Scope): Scope {
  return { modules };
}

function isExpression(value: JsonObject): boolean {
  return 'references' in value || 'constant_value' in value;
}

function at(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) {
    return typeof step === 'number' ? (value[step] as unknown) : undefined;
  }
  // a text in the middle of a path, such as "${each.value}", stands for everything below it
  return typeof value === 'string' ? value : property(value, String(step));
}

function values(steps: readonly Step[]): Path {
  return steps.map((step) => ('name' in step ? step.name : step.key));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(stringsIn);
  }
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}

const INTERPOLATION = /\$\{([^}]*)\}/g;
const REFERENCE = /[A-Za-z_][\w-]*(?:\.[A-Za-z_*][\w-]*|\["(?:[^"\\]|\\.)*"\]|\[(?:\d+|\*)\])+/g;

/** The references in `${...}`, whatever functions stand around them. */
function interpolations(text: string): string[] {
  return [...text.matchAll(INTERPOLATION)].flatMap(([, inner = '']) => inner.match(REFERENCE) ?? []);
}

/** All references of an expression and of the blocks in it; those in text of JSON too. */
function referencesIn(expression: unknown): string[] {
  if (Array.isArray(expression)) {
    return expression.flatMap(referencesIn);
  }
  if (!isObject(expression)) {
    return [];
  }
  if (isExpression(expression)) {
    return [
      ...list(expression, 'references').filter((reference): reference is string => typeof reference === 'string'),
      ...stringsIn(expression.constant_value).flatMap(interpolations),
    ];
  }
  return Object.values(expression).flatMap(referencesIn);
}

/** Terraform lists `a.b.c` together with `a.b`: only the longest say what is meant. */
function leaves(references: readonly unknown[]): string[] {
  const all = references.filter((reference): reference is string => typeof reference === 'string');
  const prefixes = new Set<string>();
  for (const reference of all) {
    for (const { index } of reference.matchAll(/[.[]/g)) {
      prefixes.add(reference.slice(0, index));
    }
  }
  return [...new Set(all)].filter((reference) => !prefixes.has(reference));
}

function distinct(targets: readonly Target[]): readonly Target[] {
  const seen = new Set<Resource>();
  return targets.filter(({ resource }) => !seen.has(resource) && seen.add(resource));
}

/** What a resource is called itself, as in `{ gold = azapi_resource.tier_one.id }`. */
function namesIn(value: unknown): string[] {
  return ['name', 'product_id', 'display_name']
    .map((attribute) => property(value, attribute))
    .filter((found): found is string => typeof found === 'string');
}

function groupTargets(
  targets: readonly Target[],
  keysOf: (target: Target) => readonly string[],
): Map<string, Target[]> {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    for (const key of new Set(keysOf(target))) {
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, [target]);
      } else {
        group.push(target);
      }
    }
  }
  return groups;
}
