import { AzureClient } from '../../cli/src/azure/client';
import { AzureFailure } from '../../cli/src/azure/failure';
import { PREVIEW, STABLE } from '../../cli/src/landscape/reader';
import { Content, Group } from './judge';

const GROUPS = '2021-04-01';
const LOCKS = '2020-05-01';
const VAULTS = '2023-07-01';
const SECOND = 1_000;

type Json = Readonly<Record<string, unknown>>;

/** The sandboxes of a subscription, as far as Azure Resource Manager knows them. */
export class Sandboxes {
  private readonly base: string;

  public constructor(
    private readonly client: AzureClient,
    subscriptionId: string,
    private readonly pause: (milliseconds: number) => Promise<void>,
  ) {
    this.base = `/subscriptions/${subscriptionId}`;
  }

  public async groups(): Promise<Group[]> {
    return (await this.all(`${this.base}/resourcegroups?api-version=${GROUPS}`, 'list resource groups')).map(groupOf);
  }

  /** The group as it is now; undefined where it is gone. */
  public async group(name: string): Promise<Group | undefined> {
    const found = await this.client.find(`${this.path(name)}?api-version=${GROUPS}`, {
      doing: `read the resource group ${name}`,
      needs: 'Reader on the subscription',
    });
    return found === undefined ? undefined : groupOf(found as Json);
  }

  public async content(name: string): Promise<Content> {
    const resources = await this.all(`${this.path(name)}/resources?api-version=${GROUPS}`, `list what is in ${name}`);
    const locks = await this.all(
      `${this.path(name)}/providers/Microsoft.Authorization/locks?api-version=${LOCKS}`,
      `list the locks of ${name}`,
    );
    return {
      resources: resources.map(({ type, name: own, tags }) => ({
        type: String(type),
        name: String(own),
        purpose: stringsOf(tags).purpose,
      })),
      locks: locks.map((lock) => String(lock.name)),
    };
  }

  /**
   * Deletes what registers applications in Entra one by one, so that the service removes the registrations, then the
   * group, and purges what Azure would keep for days under its name.
   */
  public async destroy(
    { name, location }: Group,
    services: readonly string[],
    vaults: readonly string[],
  ): Promise<void> {
    for (const service of services) {
      await this.emptyService(`${this.path(name)}/providers/Microsoft.ApiManagement/service/${service}`);
    }
    await this.delete(`${this.path(name)}?api-version=${GROUPS}`, `delete the resource group ${name}`);
    while ((await this.group(name)) !== undefined) {
      await this.pause(15 * SECOND);
    }
    const providers = `${this.base}/providers`;
    for (const service of services) {
      const path = `${providers}/Microsoft.ApiManagement/locations/${location}/deletedservices/${service}?api-version=${STABLE}`;
      if (await this.exists(path, `look for ${service} among deleted services`)) {
        await this.delete(path, `purge ${service}`);
      }
    }
    for (const vault of vaults) {
      const path = `${providers}/Microsoft.KeyVault/locations/${location}/deletedVaults/${vault}`;
      if (await this.exists(`${path}?api-version=${VAULTS}`, `look for ${vault} among deleted vaults`)) {
        await this.client.call(`${path}/purge?api-version=${VAULTS}`, {
          method: 'POST',
          doing: `purge ${vault}`,
          needs: 'Key Vault Purge Operator on the subscription',
        });
      }
    }
  }

  private async emptyService(service: string): Promise<void> {
    const collections = [
      { name: 'clientApplications', query: '' },
      { name: 'products', query: '&deleteSubscriptions=true' },
    ];
    for (const { name, query } of collections) {
      const members = await this.allIfAny(`${service}/${name}?api-version=${PREVIEW}`, `list ${name} of ${service}`);
      for (const member of members) {
        const path = `${service}/${name}/${encodeURIComponent(String(member.name))}?api-version=${PREVIEW}${query}`;
        await this.delete(path, `delete ${String(member.name)} of ${name}`);
      }
    }
  }

  private async delete(path: string, doing: string): Promise<void> {
    try {
      await this.client.call(path, {
        method: 'DELETE',
        headers: { 'if-match': '*' },
        doing,
        needs: 'Contributor on the subscription',
      });
    } catch (error) {
      if (!(error instanceof AzureFailure && error.kind === 'missing')) {
        throw error;
      }
    }
  }

  private async exists(path: string, doing: string): Promise<boolean> {
    return (await this.client.find(path, { doing, needs: 'Reader on the subscription' })) !== undefined;
  }

  private async all(path: string, doing: string): Promise<Json[]> {
    const found: Json[] = [];
    for await (const item of this.client.list(path, { doing, needs: 'Reader on the subscription' })) {
      found.push(item);
    }
    return found;
  }

  /** Nothing where the service does not know the collection. */
  private async allIfAny(path: string, doing: string): Promise<Json[]> {
    try {
      return await this.all(path, doing);
    } catch (error) {
      if (error instanceof AzureFailure && error.kind === 'missing') {
        return [];
      }
      throw error;
    }
  }

  private path(group: string): string {
    return `${this.base}/resourceGroups/${encodeURIComponent(group)}`;
  }
}

function groupOf({ name, location, tags, managedBy }: Json): Group {
  return {
    name: String(name),
    location: String(location),
    tags: stringsOf(tags),
    managedBy: typeof managedBy === 'string' ? managedBy : '',
  };
}

/** The tags that are text; names of tags are the same in capital letters. */
function stringsOf(tags: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((tags ?? {}) as Json).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key.toLowerCase(), value] as const] : [],
    ),
  );
}
