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
  private count = 0;

  public constructor(private readonly clock: Clock) {}

  public record(request: Omit<RecordedRequest, 'number' | 'time'>): void {
    this.count += 1;
    this.requests.push({ number: this.count, time: new Date(this.clock.now()).toISOString(), ...request });
  }

  public clear(): void {
    this.requests.length = 0;
  }
}
