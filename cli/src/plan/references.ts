import { isObject, list, property, type JsonObject } from '../input/json';
import { interpolations, referencesIn } from './expression-text';
import { formatModuleAddress, parseModuleAddress, parseReference, type ModuleStep, type Step } from './address';
import { isUnknown, type Path } from './attributes';
import type { Plan } from './plan';
import type { Resource } from './resource';

/** A resource that an expression refers to, and the attribute of it. */
export interface Target {
  readonly resource: Resource;
  readonly attribute: readonly (string | number)[];
}

/** All that an expression may come from. */
export interface Resolution {
  /** One of them: where there are several, nothing says which. */
  readonly targets: readonly Target[];
  /** Whether it may also be something that the plan does not show, such as a local value or a literal. */
  readonly open: boolean;
}

/** The place of an expression: its module, and what `each` means there. */
interface Scope {
  readonly modules: readonly ModuleStep[];
  readonly key?: string | number;
  readonly forEach?: unknown;
}

/** Collects what an expression may come from. */
interface Found {
  readonly targets: Target[];
  open: boolean;
  /** Whether an expression was followed of which the plan shows only the references. */
  untold: boolean;
  /** How many expressions have been followed: configurations may branch without end. */
  steps: number;
}

const MAX_DEPTH = 24;
const MAX_STEPS = 20_000;
/** Nobody calls an output of a module that is nested deeper without saying which instance is meant. */
const MOST_MODULES = 50;

/**
 * Follows the expressions of a plan's configuration, through modules, variables, outputs and
 * `for_each`, to the resources that a value comes from. This is how an id that is unknown before the
 * apply gets the name of what it will identify.
 */
export class References {
  private readonly root: unknown;
  private readonly instances = new Map<string, Resource[]>();
  private readonly moduleInstances = new Map<string, Set<string>>();
  private readonly choices = new WeakMap<object, Map<string, Resolution>>();
  private readonly configurations = new Map<string, Map<string, JsonObject>>();

  constructor(plan: Plan) {
    this.root = property(plan.configuration, 'root_module');
    for (const resource of plan.resources) {
      if (resource.deposed) {
        continue;
      }
      this.noteModule(resource.moduleAddress);
      const key = instanceKey(resource.moduleAddress, resource.mode, resource.type, resource.name);
      const found = this.instances.get(key);
      if (found === undefined) {
        this.instances.set(key, [resource]);
      } else {
        found.push(resource);
      }
    }
  }

  /** Every resource that an attribute of a resource may be made from. */
  targets(resource: Resource, path: Path): readonly Target[] {
    return this.resolve(resource, path).targets;
  }

  /**
   * All that an attribute which is unknown until apply may come from. Nobody may take the first of several
   * targets for the one that is meant, nor the only one where the resolution is open.
   */
  resolve(resource: Resource, path: Path): Resolution {
    const configuration = this.configurationOf(resource);
    if (configuration === undefined) {
      return { targets: [], open: true };
    }
    const [first, ...rest] = path;
    const expression = property(property(configuration, 'expressions'), String(first));
    const found: Found = { targets: [], open: false, untold: false, steps: 0 };
    this.follow(expression, rest, this.scopeOf(resource, configuration), 0, found);
    const targets = distinct(found.targets);
    // what is unknown comes from something that is unknown: if all of it is known, something else decides
    return { targets, open: found.open || (found.untold && !targets.some(isUnknownTarget)) };
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

  /** The kinds of provisioners that a resource has, such as `local-exec`. */
  provisioners(resource: Resource): readonly string[] {
    const kinds = list(this.configurationOf(resource), 'provisioners').map((found) => property(found, 'type'));
    // the names come from the configuration: what looks like none is not printed
    return [
      ...new Set(kinds.map((kind) => (typeof kind === 'string' && /^[\w-]{1,40}$/.test(kind) ? kind : 'unknown'))),
    ].sort();
  }

  /** Every reference in the configuration of a resource, by the attribute or block it is in. */
  allWritten(resource: Resource): ReadonlyMap<string, readonly string[]> {
    const expressions = property(this.configurationOf(resource), 'expressions');
    return new Map(
      Object.entries(isObject(expressions) ? expressions : {}).map(([attributeName, expression]) => [
        attributeName,
        leaves(writtenIn(expression)),
      ]),
    );
  }

  /** What a reference in the configuration of a resource means. */
  meant(resource: Resource, reference: string): readonly Target[] {
    const configuration = this.configurationOf(resource);
    if (configuration === undefined) {
      return [];
    }
    const found: Found = { targets: [], open: false, untold: false, steps: 0 };
    this.followReference(reference, [], this.scopeOf(resource, configuration), 0, found);
    return distinct(found.targets);
  }

  /** What an output of the root module is made from, and whether it is marked as sensitive. */
  output(name: string): Resolution & { readonly sensitive: boolean } {
    const output = property(property(this.root, 'outputs'), name);
    const found: Found = { targets: [], open: false, untold: false, steps: 0 };
    this.follow(property(output, 'expression'), [], { modules: [] }, 0, found);
    return { targets: distinct(found.targets), open: found.open, sensitive: property(output, 'sensitive') === true };
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

  private follow(expression: unknown, path: Path, scope: Scope, depth: number, found: Found): void {
    found.steps += 1;
    if (depth > MAX_DEPTH || found.steps > MAX_STEPS || expression === undefined) {
      found.open = true;
      return;
    }
    if (Array.isArray(expression) || (isObject(expression) && !isExpression(expression))) {
      const [first, ...rest] = path;
      this.follow(first === undefined ? undefined : at(expression, first), rest, scope, depth + 1, found);
      return;
    }
    const constant = property(expression, 'constant_value');
    if (constant !== undefined) {
      this.followConstant(constant, path, scope, depth, found);
      return;
    }
    found.untold = true;
    const all = leaves(list(expression, 'references'));
    const indexes = all.filter(isIndex);
    const others = all.filter((reference) => !isIndex(reference));
    // the plan shows `a[each.key].b` as `a` and `each.key`; beside `a.b` they can only choose or be chosen
    if (others.length === 0 || (indexes.length > 0 && others.some((reference) => !isWholeResource(reference)))) {
      found.open = true;
    }
    others.forEach((reference) => this.followReference(reference, [], scope, depth + 1, found));
  }

  /** A text of a configuration in JSON, in which all expressions can be read. */
  private followConstant(constant: unknown, path: Path, scope: Scope, depth: number, found: Found): void {
    const texts = stringsIn(path.reduce<unknown>(at, constant));
    const read = texts.map((text) => ({ text, parts: interpolations(text) }));
    if (read.every(({ text, parts }) => parts !== undefined && parts.length === 0 && !text.includes('%{'))) {
      found.open = true;
    }
    for (const { text, parts } of read) {
      if (parts === undefined || parts.some(({ plain }) => !plain)) {
        found.open = true;
      }
      const references = parts?.flatMap((part) => part.references) ?? referencesIn(text);
      references
        .map((reference) => withIndex(reference, scope))
        .forEach((reference) => this.followReference(reference, [], scope, depth + 1, found));
    }
  }

  private followReference(reference: string, path: Path, scope: Scope, depth: number, found: Found): void {
    const steps = parseReference(reference);
    const [first, second] = steps.map((step) => ('name' in step ? step.name : undefined));
    const rest = [...values(steps.slice(2)), ...path];
    switch (first) {
      case undefined:
      case 'local':
      case 'path':
      case 'terraform':
      case 'count':
      case 'self':
      case 'ephemeral':
        found.open = true;
        return;
      case 'each':
        if (second === 'value') {
          this.followEach(rest, scope, depth, found);
        } else {
          found.open = true;
        }
        return;
      case 'var':
        this.followVariable(second, rest, scope, depth, found);
        return;
      case 'module':
        this.followOutput(steps.slice(1), path, scope, depth, found);
        return;
      case 'data':
        this.resourcesAt('data', steps.slice(1), path, scope, found);
        return;
      default:
        this.resourcesAt('managed', steps, path, scope, found);
    }
  }

  private followEach(path: Path, scope: Scope, depth: number, found: Found): void {
    const constant = property(scope.forEach, 'constant_value');
    if (scope.key === undefined || scope.forEach === undefined) {
      found.open = true;
    } else if (constant !== undefined) {
      this.follow({ constant_value: at(constant, scope.key) }, path, withoutEach(scope), depth + 1, found);
    } else {
      // without the map's text it is unknown which of its values belongs to the key
      const choices = this.choicesOf(scope, depth);
      found.untold = true;
      found.targets.push(...choices.targets);
      found.open ||= choices.open;
    }
  }

  /** What the values of a `for_each` may be; found once, since a map of a thousand keys asks a thousand times. */
  private choicesOf(scope: Scope, depth: number): Resolution {
    const expression = isObject(scope.forEach) ? scope.forEach : {};
    const module = formatModuleAddress(scope.modules);
    const known = this.choices.get(expression) ?? new Map<string, Resolution>();
    this.choices.set(expression, known);
    let choices = known.get(module);
    if (choices === undefined) {
      const found: Found = { targets: [], open: false, untold: false, steps: 0 };
      this.follow(expression, [], withoutEach(scope), depth + 1, found);
      choices = { targets: distinct(found.targets), open: found.open };

      known.set(module, choices);
    }
    return choices;
  }

  private followVariable(name: string | undefined, path: Path, scope: Scope, depth: number, found: Found): void {
    const last = scope.modules.at(-1);
    if (name === undefined || last === undefined) {
      // a variable of the root module has a value that the plan knows
      found.open = true;
      return;
    }
    const outer = scope.modules.slice(0, -1);
    const call = property(property(this.moduleAt(outer), 'module_calls'), last.name);
    this.follow(
      property(property(call, 'expressions'), name),
      path,
      {
        modules: outer,
        ...(last.key === undefined ? {} : { key: last.key }),
        forEach: property(call, 'for_each_expression'),
      },
      depth + 1,
      found,
    );
  }

  /** `module.a.b` of the one instance that is meant, or of all of them where nothing says which. */
  private followOutput(steps: readonly Step[], path: Path, scope: Scope, depth: number, found: Found): void {
    const [module, next, ...rest] = steps;
    if (module === undefined || !('name' in module)) {
      found.open = true;
      return;
    }
    const keyed = next !== undefined && 'key' in next;
    const called = [...scope.modules, { name: module.name, ...(keyed ? { key: next.key } : {}) }];
    const output = keyed ? rest[0] : next;
    const outputs = property(this.moduleAt(called), 'outputs');
    const instances = keyed ? [called] : this.instancesOf(called);
    const wanted = output !== undefined && 'name' in output ? [output.name] : namesOf(outputs);
    // where no output is named, any of them may be meant
    found.open ||= output === undefined;
    for (const modules of instances) {
      for (const name of wanted) {
        this.follow(
          property(property(outputs, name), 'expression'),
          [...values(keyed ? rest.slice(1) : rest), ...path],
          { modules },
          depth + 1,
          found,
        );
      }
    }
  }

  private noteModule(address: string): void {
    const modules = parseModuleAddress(address);
    for (let count = 1; count <= Math.min(modules.length, MOST_MODULES); count += 1) {
      const instance = modules.slice(0, count);
      const path = instance.map(({ name }) => name).join('.');
      const known = this.moduleInstances.get(path);
      if (known === undefined) {
        this.moduleInstances.set(path, new Set([formatModuleAddress(instance)]));
      } else {
        known.add(formatModuleAddress(instance));
      }
    }
  }

  /** Every instance of a module's call that is within the instances around it. */
  private instancesOf(called: readonly ModuleStep[]): readonly (readonly ModuleStep[])[] {
    const path = called.map(({ name }) => name).join('.');
    const within = formatModuleAddress(called.slice(0, -1));
    const found = [...(this.moduleInstances.get(path) ?? [])]
      .map(parseModuleAddress)
      .filter((modules) => formatModuleAddress(modules.slice(0, -1)) === within);
    return found.length === 0 ? [called] : found;
  }

  private resourcesAt(mode: Resource['mode'], steps: readonly Step[], path: Path, scope: Scope, found: Found): void {
    const [type, name, ...rest] = steps;
    const instances =
      type !== undefined && name !== undefined && 'name' in type && 'name' in name
        ? (this.instances.get(instanceKey(formatModuleAddress(scope.modules), mode, type.name, name.name)) ?? [])
        : [];
    const [key, ...attribute] = rest;
    const keyed = key !== undefined && 'key' in key;
    // a key beside a resource that has none belongs to an attribute, which is a list or a map
    const chosen = keyed ? instances.filter(({ index }) => index === undefined || index === key.key) : instances;
    found.open ||= chosen.length === 0;
    found.targets.push(
      ...chosen.map((resource) => ({
        resource,
        attribute: [...values(keyed && resource.index !== undefined ? attribute : rest), ...path],
      })),
    );
  }
}

function isUnknownTarget({ resource, attribute: path }: Target): boolean {
  const { after } = resource;
  return after === undefined || path.length === 0 || isUnknown(after, ...path) || holdsUnknown(after.unknown, path);
}

/** Whether the marks around an attribute leave open what is in it, as for a list of which one item is unknown. */
function holdsUnknown(marks: unknown, path: Path): boolean {
  const [first, ...rest] = path;
  if (marks === true) {
    return true;
  }
  if (first === undefined) {
    return Array.isArray(marks)
      ? marks.some((mark) => holdsUnknown(mark, []))
      : isObject(marks) && Object.values(marks).some((mark) => holdsUnknown(mark, []));
  }
  return holdsUnknown(Array.isArray(marks) || isObject(marks) ? at(marks, first) : undefined, rest);
}

/** `each.key`, `each.value` and `count.index` where they may be in brackets. */
function isIndex(reference: string): boolean {
  return reference === 'each.key' || reference === 'count.index';
}

/** `type.name` without an attribute, as Terraform shows `type.name[each.key].attribute`. */
function isWholeResource(reference: string): boolean {
  return (
    /^(?:data\.)?[\w-]+\.[\w-]+$/.test(reference) && !/^(?:var|local|each|count|self|path|terraform)\./.test(reference)
  );
}

/** With `[each.key]` and `[count.index]` replaced by their values at the place of the expression. */
function withIndex(reference: string, { key }: Scope): string {
  return key === undefined
    ? reference
    : reference.replace(/\[(?:each\.key|count\.index)\]/g, `[${JSON.stringify(key)}]`);
}

function namesOf(value: unknown): readonly string[] {
  return isObject(value) ? Object.keys(value).sort() : [];
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
  // a text in the middle of a path, such as "${each.value}", means everything below it
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

/** All references of an expression and of the blocks in it; those in text of JSON too. */
function writtenIn(expression: unknown): string[] {
  if (Array.isArray(expression)) {
    return expression.flatMap(writtenIn);
  }
  if (!isObject(expression)) {
    return [];
  }
  if (isExpression(expression)) {
    return [
      ...list(expression, 'references').filter((reference): reference is string => typeof reference === 'string'),
      ...stringsIn(expression.constant_value).flatMap(referencesIn),
    ];
  }
  return Object.values(expression).flatMap(writtenIn);
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
  const seen = new Map<Resource, Set<string>>();
  return targets.filter(({ resource, attribute }) => {
    const attributes = seen.get(resource) ?? new Set();
    seen.set(resource, attributes);
    const key = JSON.stringify(attribute);
    return !attributes.has(key) && attributes.add(key);
  });
}
