import { Call } from './http';

export type ServiceName = 'arm' | 'login' | 'graph' | 'vault' | 'gateway' | 'identity' | 'issuer' | 'proxy';

/** Something that goes wrong, for the requests that it matches. */
export interface Fault {
  /** `GET`, or `write` for all that change something. Any, where it is left out. */
  readonly method?: string;
  readonly service?: ServiceName;
  /** Regular expressions, ignoring case. */
  readonly host?: string;
  readonly path?: string;
  /** How many matching requests are answered as usual first. */
  readonly after?: number;
  /** How many then fail; 1 where it is left out, 0 for all. */
  readonly times?: number;
  /** Once for each method and path, instead of `after` and `times`. Paths that differ in a GUID only are one. */
  readonly eachPath?: boolean;
  /**
   * `status` answers the status; `signIn` is Entra's refusal with this `aadsts`; `hang` never answers; `reset` breaks the
   * connection before anything is done, `lost` after it was done; `half` breaks it in the middle of the answer; `html` is
   * a page as proxies and gateways answer.
   */
  readonly kind?: 'status' | 'signIn' | 'hang' | 'reset' | 'lost' | 'half' | 'html';
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly aadsts?: number;
  /** Seconds. */
  readonly retryAfter?: number;
}

const FIELDS = [
  'method',
  'service',
  'host',
  'path',
  'after',
  'times',
  'eachPath',
  'kind',
  'status',
  'code',
  'message',
  'aadsts',
  'retryAfter',
];
/** Ids of Entra. What is made again after a refusal has another one, and would be refused for ever. */
const GUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const KINDS = ['status', 'signIn', 'hang', 'reset', 'lost', 'half', 'html'];
const READS = ['GET', 'HEAD', 'OPTIONS', 'CONNECT'];

interface Pending {
  readonly fault: Fault;
  skip: number;
  left: number;
  readonly met: Set<string>;
}

export class Faults {
  private pending: Pending[] = [];

  public add(fault: Fault): void {
    const unknown = Object.keys(fault).find((field) => !FIELDS.includes(field));
    if (unknown !== undefined) {
      throw new Error(`${unknown}: no such field of a fault; use one of ${FIELDS.join(', ')}`);
    }
    if (fault.kind !== undefined && !KINDS.includes(fault.kind)) {
      throw new Error(`kind: must be one of ${KINDS.join(', ')}, got ${JSON.stringify(fault.kind)}`);
    }
    this.pending.push({
      fault,
      skip: fault.after ?? 0,
      left: fault.times === 0 ? Infinity : (fault.times ?? 1),
      met: new Set(),
    });
  }

  public clear(): void {
    this.pending = [];
  }

  /** The fault that this request meets, if any; it is used up by it. */
  public meet(call: Pick<Call, 'method' | 'host' | 'path'>, service: string): Fault | undefined {
    for (const pending of this.pending) {
      if (pending.left > 0 && matches(pending.fault, call, service)) {
        if (pending.fault.eachPath === true) {
          const where = `${call.method} ${call.host}${call.path}`.replace(GUID, '');
          if (!pending.met.has(where)) {
            pending.met.add(where);
            return pending.fault;
          }
        } else if (pending.skip > 0) {
          pending.skip -= 1;
        } else {
          pending.left -= 1;
          return pending.fault;
        }
      }
    }
    return undefined;
  }
}

function matches(fault: Fault, call: Pick<Call, 'method' | 'host' | 'path'>, service: string): boolean {
  const method = fault.method?.toUpperCase();
  return (
    (method === undefined || method === call.method || (method === 'WRITE' && !READS.includes(call.method))) &&
    (fault.service === undefined ? service !== 'proxy' : fault.service === service) &&
    (fault.host === undefined || new RegExp(fault.host, 'i').test(call.host)) &&
    (fault.path === undefined || new RegExp(fault.path, 'i').test(call.path))
  );
}
