import type { AzureClient } from '../azure/client';
import { AzureFailure } from '../azure/failure';
import type { JsonObject } from '../input/json';
import type { Unread } from './model';

/** The version that knows client applications, and one that is generally available for what is older. */
export const PREVIEW = '2024-10-01-preview';
export const STABLE = '2024-05-01';

export const READER = 'the role API Management Service Reader or Reader on the instance';
export const APPLICATION_READER = 'the Graph permission Application.Read.All or the directory role Directory Readers';
export const ROLE_READER = 'the Graph permission RoleManagement.Read.Directory or the directory role Directory Readers';

/** What the part is called in which clients are linked to products. */
export const PRODUCT_LINKS = 'product links of client applications';

/** Reads lists part by part: what the login may not read is left out and noted, once for each part. */
export class Reader {
  private readonly refused = new Map<string, string>();

  constructor(private readonly client: AzureClient) {}

  get unread(): readonly Unread[] {
    return [...this.refused].map(([part, needs]) => ({ part, needs }));
  }

  /** Undefined where the login may not read it. */
  async all(path: string, part: string, needs: string): Promise<JsonObject[] | undefined> {
    return this.unlessRefused(part, needs, async () => {
      const found: JsonObject[] = [];
      for await (const item of this.client.list(path, { doing: `read ${part}`, needs })) {
        found.push(item);
      }
      return found;
    });
  }

  /** The answer to one request; undefined where the login may not read it or there is none. */
  async one(path: string, part: string, needs: string, body?: unknown): Promise<unknown> {
    return this.unlessRefused(part, needs, () =>
      this.client.find(path, {
        doing: `read ${part}`,
        needs,
        ...(body === undefined ? {} : { method: 'POST' as const, body }),
      }),
    );
  }

  private async unlessRefused<T>(part: string, needs: string, read: () => Promise<T>): Promise<T | undefined> {
    if (this.refused.has(part)) {
      return undefined;
    }
    try {
      return await read();
    } catch (error) {
      if (error instanceof AzureFailure && error.kind === 'missing') {
        return undefined;
      }
      if (error instanceof AzureFailure && error.kind === 'forbidden') {
        this.refused.set(part, needs);
        return undefined;
      }
      throw error;
    }
  }
}
