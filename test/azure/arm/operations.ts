import { Clock } from '../clock';
import { newId, SUBSCRIPTION_ID } from '../identifiers';
import { Answer, answer, AzureError } from '../http';
import { Settings } from '../settings';

interface Operation {
  readonly doneAt: number;
  readonly properties: unknown;
}

/** Asynchronous operations of ARM. What they do is done at once; they say so as late as `operationTime` wants. */
export class Operations {
  private readonly operations = new Map<string, Operation>();

  public constructor(
    private readonly clock: Clock,
    private readonly settings: () => Settings,
  ) {}

  /** The headers that name a new operation. */
  public start(host: string, properties?: unknown): { readonly [name: string]: string } {
    const id = newId();
    this.operations.set(id, { doneAt: this.clock.now() + this.settings().operationTime, properties });
    return {
      'Azure-AsyncOperation': `https://${host}/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.Local/operations/${id}?api-version=2020-01-01`,
      'Retry-After': String(this.settings().retryAfter),
    };
  }

  public read(id: string): Answer {
    const operation = this.operations.get(id);
    if (operation === undefined) {
      throw new AzureError(404, 'NotFound', `The operation '${id}' was not found.`);
    }
    if (this.clock.now() < operation.doneAt) {
      return answer(200, { name: id, status: 'InProgress' }, { 'Retry-After': String(this.settings().retryAfter) });
    }
    return answer(200, { name: id, status: 'Succeeded', properties: operation.properties });
  }
}
