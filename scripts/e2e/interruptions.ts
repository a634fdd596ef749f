import { Fault, LocalAzureOptions } from '../../test/azure';
import { CycleOptions, Write } from './cycle';

type Disturbed = LocalAzureOptions & Pick<CycleOptions, 'interruption' | 'untilDone'> & { readonly title: string };

const ONCE = { method: 'write', eachPath: true } as const;

/**
 * What may go wrong while a scenario is applied and destroyed: slow replication, throttling, failures, and an apply that
 * ends at the writes that come next, applied again until all is done.
 */
export const DISTURBANCES: readonly Disturbed[] = [
  { title: 'with lags', graphLag: 4_000, roleLag: 20_000 },
  { title: 'each write throttled once', faults: [{ ...ONCE, status: 429, retryAfter: 1 }] },
  { title: 'each write failing once', faults: [{ ...ONCE, status: 503, retryAfter: 1 }] },
  { title: 'each write refused once', untilDone: true, faults: [{ ...ONCE, status: 403 }] },
];

/** An end at each write: the apply or the destruction ends there, and is run once more. */
export function interruptions(writes: readonly Write[]): Disturbed[] {
  return distinct(writes).flatMap(({ step, service, method, path }) =>
    ends(path).map((kind) => ({
      title: `${ENDS[kind].title} ${method} ${service} ${path.slice(-60)}${step === 0 ? '' : ` in step ${step + 1}`}`,
      interruption: { step, fault: { ...ENDS[kind].fault, method, path: `^${pattern(path)}$`, times: 0 } },
    })),
  );
}

/** Providers go on for half an hour where a connection breaks; a refusal ends an apply at once. */
const ENDS: { readonly [end in 'before' | 'after']: { readonly title: string; readonly fault: Fault } } = {
  before: { title: 'ends before', fault: { status: 403 } },
  after: { title: 'ends after', fault: { kind: 'lost' } },
};

/**
 * Each write is one at which the apply ends. What was made without Terraform's knowledge it calls "already exists",
 * even where the same program declared it; a secret is the exception, since a second one can be made and the first one must not be relied on.
 */
const ends = (path: string): readonly (keyof typeof ENDS)[] =>
  /\/clientApplications\/[^/]+\/listSecrets$|\/addPassword$/i.test(path) ? ['before', 'after'] : ['before'];

/** Ids of Entra are others in each run, so that paths with them are matched whatever the id. */
const pattern = (path: string): string =>
  path
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '[0-9a-f-]{36}');

function distinct(writes: readonly Write[]): Write[] {
  const seen = new Set<string>();
  return writes.filter(({ step, method, path }) => {
    const key = `${step} ${method} ${pattern(path)}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
