import type { AzureClient } from '../azure/client';
import { AzureFailure } from '../azure/failure';
import type { JsonObject } from '../input/json';
import { graphLists } from './graph-lists';
import type { Unread } from './model';

/** The version that knows client applications, and one that is generally available for what is older. */
export const PREVIEW = '2024-10-01-preview';
export const STABLE = '2024-05-01';

export const READER = 'the role API Management Service Reader or Reader on the instance';
export const APPLICATION_READER = 'the Graph permission Application.Read.All or the directory role Directory Readers';
export const ROLE_READER = 'the Graph permission RoleManagement.Read.Directory or the directory role Directory Readers';

/** What the part is called in which clients are linked to products. */
export const PRODUCT_LINKS = 'product links of client applications';
export const POLICIES_OF_PRODUCTS = 'policies of products';
export const APIS_OF_PRODUCTS = 'APIs of products';
export const PRODUCTS = 'products';
export const CLIENT_APPLICATIONS = 'client applications';
export const SERVICE_PRINCIPALS = 'service principals';
export const FEDERATED_CREDENTIALS = 'federated credentials';

/** Reads lists part by part: what the login may not read is left out and noted, once for each part. */
export class Reader {
  private readonly refused = new Map<string, string>();

  constructor(private readonly client: AzureClient) {}

  get unread(): readonly Unread[] {
    return [...this.refused].map(([part, needs]) => ({ part, needs }));
  }

  /** What is made of each element, page by page, so that no answer is kept. Undefined where the login may not read it. */
  async all<T>(path: string, part: string, needs: string, map: (item: JsonObject) => T): Promise<T[] | undefined> {
    return this.unlessRefused(part, needs, async () => {
      const found: T[] = [];
      for await (const item of this.client.list(path, { doing: `read ${part}`, needs })) {
        found.push(map(item));
      }
      return found;
    });
  }

  /** Many lists of Microsoft Graph; a list is empty where there is nothing to list. */
  async lists<T>(
    paths: readonly string[],
    part: string,
    needs: string,
    map: (item: JsonObject) => T,
  ): Promise<readonly (readonly T[])[] | undefined> {
    return this.unlessRefused(part, needs, async () => {
      const found = await graphLists(this.client, paths, { doing: `read ${part}`, needs }, map);
      return found.map((each) => each ?? []);
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
