import { isObject } from '../../input/json';
import { attribute, items, text, type Path } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource, Side } from '../../plan/resource';
import type { Context } from '../context';
import { client, type Credential, type Owner } from './credential';

/** A secret by which somebody acts as a client, and whose it is. */
export interface Secret {
  readonly credential: Credential;
  readonly owner: Owner | undefined;
}

/** Shorter ones are no secret: they would be found everywhere. */
const LEAST = 8;
/**
 * What a secret is made of; everything else parts it from what is around it. A keyed secret may end in `=`, or come
 * after one.
 */
const APART: readonly RegExp[] = [/[^\w~.+/=-]+/, /[^\w~.+/-]+/];

/**
 * The secrets whose values the plans contain, for comparison only: a value is a copy even if it passed through a local
 * value or a function.
 */
export class SecretValues {
  private readonly secrets = new Map<string, Secret>();

  constructor(context: Context, all: readonly Credential[]) {
    for (const credential of all) {
      const paths: readonly Path[] = PATHS[credential.kind] ?? [];
      this.add(
        { credential, owner: credential.owner },
        sidesOf(credential.resource).flatMap((side) => paths.map((path) => text(side, ...path))),
      );
    }
    for (const resource of context.world.all('application')) {
      const values = sidesOf(resource).flatMap((side) => items(side, 'password').map((block) => text(block, 'value')));
      if (values.length > 0) {
        const owner = client(context, context.world.keyOf(resource));
        this.add({ credential: { resource, kind: 'password', owner, subject: 'inline' }, owner }, values);
      }
    }
    for (const resource of context.world.resources.filter(({ type }) => type === 'azapi_resource_action')) {
      if (kindOf(resource) === 'resource action') {
        const secret: Secret = { credential: { resource, kind: 'client secret' }, owner: undefined };
        this.add(secret, sidesOf(resource).flatMap(answers));
      }
    }
  }

  /** The secrets in a value, at any depth. */
  heldBy(value: unknown): readonly Secret[] {
    if (this.secrets.size === 0) {
      return [];
    }
    const found = new Set<Secret>();
    const pending: unknown[] = [value];
    while (pending.length > 0) {
      const next = pending.pop();
      if (typeof next === 'string') {
        const whole = next;
        [whole, ...APART.flatMap((border) => whole.split(border))].forEach((part) => {
          const secret = this.secrets.get(part);
          if (secret !== undefined) {
            found.add(secret);
          }
        });
      } else if (typeof next === 'object' && next !== null) {
        pending.push(...(Object.values(next) as readonly unknown[]));
      }
    }
    return [...found];
  }

  private add(secret: Secret, values: readonly (string | undefined)[]): void {
    for (const value of values) {
      if (value !== undefined && value.length >= LEAST) {
        this.secrets.set(value, secret);
      }
    }
  }
}

const PATHS: Readonly<Record<string, readonly Path[]>> = {
  password: [['value']],
  'key vault secret': [['value']],
  'subscription key': [
    ['primary_key'],
    ['secondary_key'],
    ['body', 'properties', 'primaryKey'],
    ['body', 'properties', 'secondaryKey'],
  ],
};

function sidesOf({ before, after }: Resource): readonly Side[] {
  return [before, after].filter((side) => side !== undefined);
}

/** The secrets in the answer of an action, which contains other texts as well. */
function answers(side: Side): readonly string[] {
  const found: string[] = [];
  const visit = (name: string, value: unknown): void => {
    if (typeof value === 'string') {
      if (/secret|key|token|value/i.test(name)) {
        found.push(value);
      }
    } else if (isObject(value)) {
      Object.entries(value).forEach(([inner, item]) => visit(inner, item));
    }
  };
  visit('', attribute(side, ['output']).value);
  visit('', attribute(side, ['sensitive_output']).value);
  return found;
}
