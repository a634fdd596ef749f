import { Fault, LocalAzureOptions } from '../../test/azure';
import { CycleOptions, Write } from './cycle';

type Interrupted = LocalAzureOptions & Pick<CycleOptions, 'interruption'> & { readonly title: string };

/** What may go wrong while an example is applied: slow replication, throttling, failures, and an end at each write. */
export function interruptions(writes: readonly Write[]): Interrupted[] {
  const once = { method: 'write', eachPath: true } as const;
  return [
    { title: 'with lags', graphLag: 4_000, roleLag: 20_000 },
    { title: 'each write throttled once', faults: [{ ...once, status: 429, retryAfter: 1 }] },
    { title: 'each write failing once', faults: [{ ...once, status: 503, retryAfter: 1 }] },
    ...distinct(writes).flatMap(({ service, method, path }) =>
      ends(path).map((kind) => ({
        title: `${ENDS[kind]} ${method} ${service} ${path.slice(-60)}`,
        interruption: { kind, method, path: `^${pattern(path)}$`, times: 0 } as const,
      })),
    ),
  ];
}

const ENDS = { reset: 'ends before', lost: 'ends after' } as const;

/**
 * Each write is one at which the apply ends. What was made without Terraform's knowledge it calls "already exists",
 * even where the same program declared it; a secret is the exception, since a second one can be made and the first one must not be relied on.
 */
const ends = (path: string): readonly (keyof typeof ENDS & Fault['kind'])[] =>
  /\/(listSecrets|addPassword)$/i.test(path) ? ['reset', 'lost'] : ['reset'];

/** Ids of Entra are others in each run, so that paths with them are matched whatever the id. */
const pattern = (path: string): string =>
  path
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '[0-9a-f-]{36}');

function distinct(writes: readonly Write[]): Write[] {
  const seen = new Set<string>();
  return writes.filter(({ method, path }) => {
    const key = `${method} ${pattern(path)}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
