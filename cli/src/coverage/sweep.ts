import type { Context } from '../analysis/context';
import { byImportance, finding } from '../analysis/context';
import { GENERAL } from '../kinds/general';
import type { AttributeChange, AttributeRule, AttributeRules, KindRow } from '../kinds/row';
import { clean, listed, name, say } from '../message';
import type { Finding, UnjudgedFinding } from '../model';
import { isSensitive, isUnknown, text } from '../plan/attributes';
import { kindOf, rowOf } from '../plan/kinds';
import { isDestroyed, type Resource, type Side } from '../plan/resource';
import { familyOf, type Family } from './bears';
import { changedAttributes } from './changed';

/**
 * Every changed object that can affect access is explained by findings, or harmless by a rule that says
 * why, or reported here. It runs after all analyses, which mark what they have understood.
 */
export function unjudgedChanges(context: Context, findings: Told): readonly UnjudgedFinding[] {
  const told = { credentials: addressesOf(findings.credentials), others: addressesOf(findings.others) };
  return context.world.resources
    .flatMap((resource) => {
      const family = changes(resource) ? (familyOf(resource) ?? invoked(resource)) : undefined;
      const left = family === undefined ? undefined : unexplained(context, resource, told);
      const own = family === undefined || left === undefined ? [] : [unjudged(context, resource, left, family.may)];
      return [...own, ...provisioned(context, resource)];
    })
    .sort(byImportance);
}

/** What the analyses have found: of credentials, and of everything else. */
export interface Told<T = readonly Finding[]> {
  readonly credentials: T;
  readonly others: T;
}

type Addresses = ReadonlySet<string>;

function addressesOf(findings: readonly Finding[]): Addresses {
  return new Set(findings.map(({ stack, address }) => `${stack}\n${address}`));
}

function isTold(resource: Resource, addresses: Addresses): boolean {
  return addresses.has(`${resource.stack}\n${clean(resource.address)}`);
}

/** Whether the plan does something to an object: a data source that calls an action does so by being read. */
function changes(resource: Resource): boolean {
  if (resource.mode === 'data') {
    return acting(resource);
  }
  if (resource.mode === 'action') {
    return true;
  }
  if (resource.type === 'azapi_resource_action' && !acts(resource)) {
    return false;
  }
  // what such a block has written stays when it is destroyed
  if (resource.type === 'azapi_update_resource' && resource.action === 'delete') {
    return kindOf(resource) === 'product settings';
  }
  return resource.action !== 'no-op' && resource.action !== 'read' && resource.action !== 'forget';
}

/** Whether a data source does more than read: it calls an action, sends a request or runs a program. */
function acting({ type, before, after }: Resource): boolean {
  const method = text(after ?? before, 'method')?.toUpperCase();
  switch (type) {
    case 'azapi_resource_action':
      return method !== 'GET';
    case 'http':
      return (
        isUnknown(after, 'method') ||
        (method !== undefined && method !== 'GET' && method !== 'HEAD') ||
        isUnknown(after, 'request_body') ||
        text(after, 'request_body') !== undefined
      );
    default:
      return type === 'external';
  }
}

/** Commands that the apply runs when it makes or destroys a resource: whatever the resource is, they may do anything. */
function provisioned(context: Context, resource: Resource): UnjudgedFinding[] {
  const found = ['create', 'replace', 'delete'].includes(resource.action)
    ? context.world.referencesOf(resource).provisioners(resource)
    : [];
  return found.length === 0
    ? []
    : [
        {
          ...finding(context, {
            rule: 'not-judged',
            resource,
            subject: `provisioner ${found.join()}`,
            kinds: ['unjudged'],
            says: say`${name(resource.address)} ${DONE[resource.action]} and runs ${found.length === 1 ? 'a provisioner' : 'provisioners'} (${listed(found)}): it may do anything`,
          }),
          resourceType: clean(resource.type),
          attributes: ['provisioner'],
          may: 'do anything',
        },
      ];
}

/** An action of a provider that is not Azure's, such as one that runs a command, may do anything. */
function invoked({ mode, type }: Resource): Family | undefined {
  return mode === 'action' && !type.startsWith('azurerm_') ? { may: 'do anything that its provider can' } : undefined;
}

/** Whether an action is called by the apply: it is called when it is made or changed, or when it is destroyed. */
function acts({ action, before, after }: Resource): boolean {
  const calls = (side: Side | undefined, when: string): boolean =>
    side !== undefined && (isUnknown(side, 'when') || (text(side, 'when') ?? 'apply') === when);
  const goes = action === 'delete' || action === 'replace';
  return (action !== 'delete' && calls(after, 'apply')) || (goes && calls(before, 'destroy'));
}

/**
 * What Terraform forgets stays as it is, and so does the access that it gives: that is no change, but no
 * plan will show the next one.
 */
export function forgottenObjects(context: Context, told: readonly Finding[]): readonly Resource[] {
  const addresses = addressesOf(told);
  return context.world.resources.filter(
    (resource) =>
      resource.action === 'forget' && familyOf(resource) !== undefined && !isTold(resource, addresses),
  );
}

/** What of an object's change nobody has explained; undefined where all of it is. */
function unexplained(context: Context, resource: Resource, told: Told<Addresses>): readonly string[] | undefined {
  const kind = kindOf(resource);
  const row: KindRow | undefined = kind === undefined ? undefined : rowOf(kind);
  const isExplained = (rule: AttributeRule, change: AttributeChange): boolean =>
    'concern' in rule
      ? context.judged.has(resource, rule.concern) &&
        (!isHidden(context, resource, change) ||
          isTold(resource, rule.concern.includes('credential') ? told.credentials : told.others))
      : rule.when?.(change) !== false;
  const stays = resource.before !== undefined && resource.after !== undefined;
  const whole = { path: '', before: resource.before?.value, after: resource.after?.value, unknown: false, stays, object: resource.after?.value };
  const exists = resource.action === 'update' || (row?.existence ?? []).some((rule) => isExplained(rule, whole));
  // what is destroyed loses all of its attributes
  const attributes =
    resource.action === 'delete'
      ? []
      : changedAttributes(resource, isSetIn(context, resource))
          .filter((change) => !rulesFor(row, change.path).some((rule) => isExplained(rule, change)))
          .map(({ path }) => path)
          .concat(hiddenBody(context, resource));
  return exists && attributes.length === 0 ? undefined : [...new Set(attributes)];
}

/**
 * Whether an analysis cannot compare what an attribute was with what it becomes: it is sensitive, or it is unknown and made of
 * something else than objects whose kinds are known. An analysis that finds no difference then has seen none.
 */
function isHidden(context: Context, resource: Resource, { path, stays, unknown }: AttributeChange): boolean {
  const steps = path.split('.');
  if (!stays || path === '') {
    return false;
  }
  if (!unknown) {
    return isSensitive(resource.before, ...steps) || isSensitive(resource.after, ...steps);
  }
  const { targets, open } = context.world.referencesOf(resource).resolve(resource, steps);
  return open || targets.length === 0 || targets.some((target) => kindOf(target.resource) === undefined);
}

/** What azapi sends beside the body is in no plan: it may write any property, over what the body says. */
function hiddenBody(context: Context, resource: Resource): readonly string[] {
  const kept = ['key vault secret', 'named value'].includes(kindOf(resource) ?? '');
  return resource.type.startsWith('azapi_') &&
    !kept &&
    context.world.referencesOf(resource).isSet(resource, 'sensitive_body')
    ? ['sensitive_body']
    : [];
}

/** The rules of the nearest path that has some, from the attribute outwards: those of the kind, and the general ones. */
function rulesFor(row: KindRow | undefined, path: string): readonly AttributeRule[] {
  return [row?.attributes ?? {}, GENERAL].flatMap((table) => nearest(table, path));
}

function nearest(table: AttributeRules, path: string): readonly AttributeRule[] {
  for (let step = path; ; step = step.slice(0, Math.max(0, step.lastIndexOf('.')))) {
    const found = Object.hasOwn(table, step) ? table[step] : undefined;
    if (found !== undefined || step === '') {
      return found ?? [];
    }
  }
}

/** Whether the configuration sets an attribute; where there is no configuration, it may. */
function isSetIn(context: Context, resource: Resource): (attribute: string) => boolean {
  const set = context.world.referencesOf(resource).attributesSet(resource);
  return (attribute) => set === undefined || set.has(attribute);
}

const DONE: Readonly<Record<Resource['action'], string>> = {
  'no-op': 'is looked at',
  read: 'is read',
  create: 'is created',
  update: 'is changed',
  delete: 'is destroyed',
  replace: 'is replaced',
  forget: 'is forgotten',
};

function unjudged(context: Context, resource: Resource, attributes: readonly string[], may: string): UnjudgedFinding {
  const changed = attributes.map(attributeName);
  const done =
    resource.mode === 'action'
      ? 'is invoked'
      : resource.mode === 'data'
        ? resource.type === 'azapi_resource_action'
          ? 'calls an action of Azure whenever Terraform reads it'
          : 'acts whenever it is read'
        : DONE[resource.action];
  const what = changed.length === 0 || isDestroyed(resource) ? [] : say` (${listed(changed)})`;
  return {
    ...finding(context, {
      rule: 'not-judged',
      resource,
      subject: changed.join('\n'),
      kinds: ['unjudged'],
      says: say`${name(resource.address)} ${done}${what}: it may ${may}`,
    }),
    resourceType: clean(resource.type),
    attributes: changed,
    may,
  };
}

/** Keys of maps may be anybody's text: only what looks like an attribute's name is printed. */
function attributeName(path: string): string {
  const steps = path.split('.');
  const known = steps.findIndex((step) => !/^[A-Za-z_]\w{0,63}$/.test(step));
  return clean((known < 0 ? steps : steps.slice(0, known)).join('.')) || 'an attribute';
}
