import { property } from '../input/json';

/**
 * What of a change an analysis can judge. An analysis marks an object and a concern as judged once it
 * has understood what the change does to it, whether it then reports a finding or not.
 */
export type Concern =
  /** That the object is created, destroyed, or forgotten. */
  | 'existence'
  /** Who gets which product or role by it. */
  | 'grant'
  | 'privilege'
  /** Whether a product takes tokens, keys or both. */
  | 'authentication'
  /** Whether a product or an API demands a subscription key. */
  | 'keys'
  | 'publication'
  /** For whom tokens must be made. */
  | 'audience'
  /** Which registration a product uses. */
  | 'registration'
  | 'policy'
  /** Which API or group is in a product. */
  | 'members'
  /** From which tenants tokens come. */
  | 'tenants'
  | 'app roles'
  | 'assignment'
  | 'owners'
  /** Clients that get delegated tokens without consent. */
  | 'pre-authorized'
  /** What a credential is made of, or whom it trusts. */
  | 'credential'
  /** Whose credential it is. */
  | 'credential owner'
  /** Credentials that are part of a block itself. */
  | 'inline credentials'
  /** Whether the account may sign in. */
  | 'enabled';

/** A change of one attribute; a side is undefined where the object does not exist on it. */
export interface AttributeChange {
  /** Steps joined by dots, without the positions in lists: `body.properties.state`. */
  readonly path: string;
  readonly before: unknown;
  /** Undefined where it is unknown until apply. */
  readonly after: unknown;
  readonly unknown: boolean;
  /** Whether the object is there on both sides. */
  readonly stays: boolean;
  /** All of the object as it will be, as far as it is known. */
  readonly object: unknown;
}

/** What a change of an attribute means for access: an analysis judges it, or it never matters. */
export type AttributeRule =
  | { readonly concern: Concern }
  | {
      /** Why it cannot affect access, as the end of a sentence. */
      readonly harmless: string;
      /** Only for such changes, where it is given. */
      readonly when?: (change: AttributeChange) => boolean;
    };

/** The rules for some attributes; a rule applies to everything below its path. */
export type AttributeRules = Readonly<Record<string, readonly AttributeRule[]>>;

/** What a kind of object is to access: all that has to be said of it, in one place. */
export interface KindRow {
  /** Types of the azurerm, azuread and other providers. */
  readonly types?: readonly string[];
  /** Types of Azure Resource Manager, in lower case and without a version. */
  readonly armTypes?: readonly string[];
  /** What a change that nobody judges could mean: `it may ...`. */
  readonly may: string;
  /** What it means that the object is created, destroyed or forgotten. */
  readonly existence?: readonly AttributeRule[];
  readonly attributes?: AttributeRules;
  /** Most objects of the kind have nothing to do with access: they do not count as access resources. */
  readonly incidental?: true;
}

export function rules(...given: readonly AttributeRules[]): AttributeRules {
  const found: Record<string, readonly AttributeRule[]> = {};
  for (const part of given) {
    for (const [path, own] of Object.entries(part)) {
      found[path] = [...(found[path] ?? []), ...own];
    }
  }
  return found;
}

export function judged(concern: Concern, ...paths: readonly string[]): AttributeRules {
  return Object.fromEntries(paths.map((path) => [path, [{ concern }]]));
}

export function harmless(reason: string, ...paths: readonly string[]): AttributeRules {
  return Object.fromEntries(paths.map((path) => [path, [{ harmless: reason }]]));
}

/** Harmless only where a change is of a certain sort. */
export function harmlessWhen(
  reason: string,
  when: (change: AttributeChange) => boolean,
  ...paths: readonly string[]
): AttributeRules {
  return Object.fromEntries(paths.map((path) => [path, [{ harmless: reason, when }]]));
}

/** Of an object that is made: nobody has anything by it yet. */
export function whenMade({ stays, before }: AttributeChange): boolean {
  return !stays && before === undefined;
}

/** Of an object that comes to be by the plan, and that no setting of it takes over from somewhere else. */
export function whenMadeUnless(takesOver: string): (change: AttributeChange) => boolean {
  return (change) => whenMade(change) && property(change.object, takesOver) !== true;
}

/** A switch that is off or stays on: whatever it allows, it allows no more than before. */
export function notSwitchedOn({ before, after, unknown }: AttributeChange): boolean {
  return !unknown && (after !== true || before === true);
}

/** Known, and one of some values, of an object that is made: what it would be without the attribute. */
export function madeWith(...values: readonly unknown[]): (change: AttributeChange) => boolean {
  return ({ stays, unknown, after }) => !stays && !unknown && values.includes(after);
}
