import { Clock } from './clock';

/** What was asked and answered. Never bodies nor headers: they hold secrets and tokens. */
export interface RecordedRequest {
  readonly number: number;
  readonly time: string;
  readonly service: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
  /** Code and message of a refusal. */
  readonly error?: string;
  /** The kind of the fault that was answered instead. */
  readonly fault?: string;
}

export class RequestLog {
  public readonly requests: RecordedRequest[] = [];
  private readonly listeners: ((request: RecordedRequest) => void)[] = [];
  private count = 0;

  public constructor(private readonly clock: Clock) {}

  public record(request: Omit<RecordedRequest, 'number' | 'time'>): void {
    this.count += 1;
    const recorded = { number: this.count, time: new Date(this.clock.now()).toISOString(), ...request };
    this.requests.push(recorded);
    this.listeners.forEach((listener) => listener(recorded));
  }

  /** Calls back after each request, when what it did is done. */
  public listen(listener: (request: RecordedRequest) => void): void {
    this.listeners.push(listener);
  }

  public clear(): void {
    this.requests.length = 0;
  }
}
