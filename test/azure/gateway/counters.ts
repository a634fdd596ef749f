import { Clock } from '../clock';

interface Window {
  readonly since: number;
  used: number;
}

/**
 * Counters of rate limits and quotas. API Management keeps one for a key value at all scopes, so that two policies that
 * count by the same value share it.
 */
export class Counters {
  private readonly windows = new Map<string, Window>();

  public constructor(private readonly clock: Clock) {}

  /** Seconds until the next call is allowed; undefined where this one is, which then counts. */
  public use(kind: 'rate' | 'quota', key: string, calls: number, period: number): number | undefined {
    const now = this.clock.now();
    const name = `${kind}:${key}`;
    const before = this.windows.get(name);
    const window = before === undefined || now - before.since >= period * 1000 ? { since: now, used: 0 } : before;
    this.windows.set(name, window);
    if (window.used >= calls) {
      return Math.max(1, Math.ceil((window.since + period * 1000 - now) / 1000));
    }
    window.used += 1;
    return undefined;
  }

  public keys(): string[] {
    return [...this.windows.keys()];
  }

  public clear(): void {
    this.windows.clear();
  }
}
