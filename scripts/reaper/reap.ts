import { UserError } from '../../cli/src/user-error';
import { Group, judge, objections, partsOf } from './judge';
import { Sandboxes } from './sandboxes';

export interface Options {
  /** Without it, nothing is destroyed. */
  readonly destroy: boolean;
  /** Names of resource groups that are never destroyed. */
  readonly protectedNames: readonly string[];
  /** Where more than so many have expired, none is destroyed: somebody looks first. */
  readonly atMost: number;
  readonly now: Date;
  readonly say: (line: string) => void;
}

interface Doomed {
  readonly group: Group;
  readonly services: readonly string[];
  readonly vaults: readonly string[];
}

/** Says what has expired and destroys it where it is told to. Exit status: 2 where something was refused. */
export async function reap(sandboxes: Sandboxes, options: Options): Promise<number> {
  const { destroy, atMost, say } = options;
  const doomed: Doomed[] = [];
  const counts = { other: 0, kept: 0, expired: 0, refused: 0 };
  for (const group of await sandboxes.groups()) {
    const found = await examine(sandboxes, group, options);
    counts[found.kind] += 1;
    if (found.kind === 'expired') {
      doomed.push(found);
    }
    if (found.kind !== 'other') {
      say(`${group.name}: ${found.text}`);
    }
  }
  say(
    `${counts.expired} expired, ${counts.kept} kept, ${counts.refused} refused; other resource groups, not looked at: ${counts.other}`,
  );
  const status = counts.refused > 0 ? 2 : 0;
  if (!destroy) {
    say('dry run: nothing is destroyed; give --destroy to destroy what has expired');
    return status;
  }
  if (doomed.length > atMost) {
    throw new UserError([
      `${doomed.length} sandboxes have expired, more than --at-most ${atMost}: none is destroyed; look at the list, then raise --at-most`,
    ]);
  }
  for (const { group } of doomed) {
    await destroyNow(sandboxes, group, options);
  }
  return status;
}

type Examined =
  | { readonly kind: 'other' }
  | { readonly kind: 'kept' | 'refused'; readonly text: string }
  | ({ readonly kind: 'expired'; readonly text: string } & Doomed);

async function examine(
  sandboxes: Sandboxes,
  group: Group,
  { protectedNames, now }: Pick<Options, 'protectedNames' | 'now'>,
): Promise<Examined> {
  const judgement = judge(group, protectedNames, now);
  switch (judgement.kind) {
    case 'other':
      return { kind: 'other' };
    case 'kept':
      return { kind: 'kept', text: `kept until ${judgement.until}` };
    case 'refused':
      return { kind: 'refused', text: `refused: ${judgement.reasons.join('; ')}` };
    case 'expired': {
      const content = await sandboxes.content(group.name);
      const against = objections(group, content);
      if (against.length > 0) {
        return { kind: 'refused', text: `refused: ${against.join('; ')}` };
      }
      const { services, vaults } = partsOf(content);
      const parts = [...services, ...vaults].join(', ');
      return {
        kind: 'expired',
        text: `expired on ${judgement.since}, with ${parts === '' ? 'nothing in it' : parts}`,
        group,
        services,
        vaults,
      };
    }
  }
}

/** Looks again first: deletions take half an hour each, and the owner may have prolonged the sandbox meanwhile. */
async function destroyNow(sandboxes: Sandboxes, { name }: Group, options: Options): Promise<void> {
  const group = await sandboxes.group(name);
  const found = group === undefined ? undefined : await examine(sandboxes, group, options);
  if (found?.kind === 'expired') {
    await sandboxes.destroy(found.group, found.services, found.vaults);
    options.say(`${name}: destroyed`);
  } else {
    options.say(`${name}: left alone: it has changed meanwhile`);
  }
}
