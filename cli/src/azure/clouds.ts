import { UserError } from '../user-error';

/** Where the services of one Azure cloud are reached. */
export interface Cloud {
  readonly name: string;
  /** Entra's login, without a slash at the end. */
  readonly login: string;
  /** Azure Resource Manager, and the scope of tokens for it. */
  readonly resourceManager: string;
  readonly graph: string;
  /** What follows a vault's name in its host name. */
  readonly keyVaultSuffix: string;
  /** The scope of tokens for the data plane of Key Vault. */
  readonly keyVaultScope: string;
  /** The audience of assertions that a federated credential trusts. */
  readonly exchangeAudience: string;
}

/** https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud, and the Azure CLI's own table. */
const CLOUDS: readonly Cloud[] = [
  {
    name: 'public',
    login: 'https://login.microsoftonline.com',
    resourceManager: 'https://management.azure.com',
    graph: 'https://graph.microsoft.com',
    keyVaultSuffix: 'vault.azure.net',
    keyVaultScope: 'https://vault.azure.net/.default',
    exchangeAudience: 'api://AzureADTokenExchange',
  },
  {
    name: 'usgov',
    login: 'https://login.microsoftonline.us',
    resourceManager: 'https://management.usgovcloudapi.net',
    graph: 'https://graph.microsoft.us',
    keyVaultSuffix: 'vault.usgovcloudapi.net',
    keyVaultScope: 'https://vault.usgovcloudapi.net/.default',
    exchangeAudience: 'api://AzureADTokenExchangeUSGov',
  },
  {
    name: 'china',
    login: 'https://login.chinacloudapi.cn',
    resourceManager: 'https://management.chinacloudapi.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    keyVaultSuffix: 'vault.azure.cn',
    keyVaultScope: 'https://vault.azure.cn/.default',
    exchangeAudience: 'api://AzureADTokenExchangeChina',
  },
];

export const CLOUD_NAMES: readonly string[] = CLOUDS.map(({ name }) => name);

/** The cloud of a name as `--cloud` takes it. */
export function cloudOf(name = 'public'): Cloud {
  const cloud = CLOUDS.find((known) => known.name === name);
  if (cloud === undefined) {
    throw new UserError([`--cloud ${name} is not a cloud; give one of ${CLOUD_NAMES.join(', ')}`]);
  }
  return cloud;
}
