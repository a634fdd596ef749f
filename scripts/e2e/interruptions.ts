import { LocalAzureOptions } from '../../test/azure';
import { CycleOptions, Write } from './cycle';

type Interrupted = LocalAzureOptions & Pick<CycleOptions, 'interruption'> & { readonly title: string };

/** What may go wrong while an example is applied: slow replication, throttling, failures, and an end at each write. */
export function interruptions(writes: readonly Write[]): Interrupted[] {
  const once = { method: 'write', eachPath: true } as const;
  return [
    { title: 'with lags', graphLag: 4_000, roleLag: 20_000 },
    { title: 'each write throttled once', faults: [{ ...once, status: 429, retryAfter: 1 }] },
    { title: 'each write failing once', faults: [{ ...once, status: 503, retryAfter: 1 }] },
    ...distinct(writes).map(({ service, method, path }) => ({
      title: `interrupted at ${method} ${service} ${path.slice(-60)}`,
      interruption: { kind: 'lost', method, path: `^${escaped(path)}$`, times: 0 } as const,
    })),
  ];
}

/** Ids of Entra are others in each run, so that paths with them are matched whatever the id. */
const escaped = (path: string): string =>
  path
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '[0-9a-f-]{36}');

function distinct(writes: readonly Write[]): Write[] {
  const seen = new Set<string>();
  return writes.filter(({ method, path }) => {
    const key = `${method} ${escaped(path)}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
