import { IConstruct } from 'constructs';

const uses = new WeakMap<IConstruct, { needed: boolean }>();

/** Notes that something registers applications through an instance's identity, or that it does without. */
export function noteRoleUsage(instance: IConstruct, needsRole: boolean): void {
  const known = uses.get(instance)?.needed ?? false;
  uses.set(instance, { needed: known || needsRole });
}

/** Whether the program uses the instance and nothing of it needs the directory role. */
export function roleIsUnused(instance: IConstruct): boolean {
  return uses.get(instance)?.needed === false;
}
