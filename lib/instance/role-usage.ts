import { IConstruct } from 'constructs';
import { Fact } from '../names/fact';

/** Kept on the instance: whether something registers applications through its identity. */
const NEEDED = new Fact<boolean>('role-usage');

/** Notes that something registers applications through an instance's identity, or that it does without. */
export function noteRoleUsage(instance: IConstruct, needsRole: boolean): void {
  NEEDED.keep(instance, needsRole || NEEDED.of(instance) === true);
}

/** Whether the program uses the instance and nothing of it needs the directory role. */
export function roleIsUnused(instance: IConstruct): boolean {
  return NEEDED.of(instance) === false;
}
