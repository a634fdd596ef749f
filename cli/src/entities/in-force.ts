import type { Resource } from '../plan/resource';
import type { SideName } from './aliases';

/** Which block says what an object is: `none`, or `several` that say different things in an unknown order. */
export type InForce = 'none' | 'several' | { readonly resource: Resource; readonly side: SideName };

/** Writes over an object that exists, and leaves it as it is when the block is removed. */
export function isUpdate({ type }: Resource): boolean {
  return type === 'azapi_update_resource' || type === 'azapi_resource_action';
}

/** Whether two blocks say the same of an object, each on one side. */
export type Same = (one: Resource, other: Resource, side: SideName) => boolean;

/** What an object is before the plan. */
export function inForceBefore(blocks: readonly Resource[], same: Same): InForce {
  const whole = blocks.filter((block) => !isUpdate(block));
  // what is imported was read from Azure just now
  const imported = whole.filter(({ importing }) => importing);
  return oneOf(imported.length > 0 ? imported : whole.length > 0 ? whole : blocks, 'before', same);
}

/**
 * What it is after the plan, whichever blocks write it: what is forgotten stays, what is written counts, and what one
 * block takes away while another one writes it may be there or not.
 */
export function inForceAfter(
  former: readonly Resource[],
  latter: readonly Resource[],
  writes: (block: Resource) => boolean,
  same: Same,
): InForce {
  const writers = latter.filter((block) => ['create', 'update', 'replace'].includes(block.action) && writes(block));
  const removers = former.filter(
    (block) =>
      !isUpdate(block) &&
      (block.action === 'delete' ||
        (block.action === 'replace' && !block.leavesFormer && (block.createsFirst || !latter.includes(block)))),
  );
  if (writers.length > 0) {
    return removers.length > 0 ? 'several' : oneOf(writers, 'after', same);
  }
  if (removers.length > 0) {
    return 'none';
  }
  const whole = latter.filter((block) => !isUpdate(block));
  return oneOf(whole.length > 0 ? whole : latter.filter(writes), 'after', same);
}

function oneOf(blocks: readonly Resource[], side: SideName, same: Same): InForce {
  const [first, ...others] = blocks;
  if (first === undefined) {
    return 'none';
  }
  return others.every((other) => same(first, other, side)) ? { resource: first, side } : 'several';
}
