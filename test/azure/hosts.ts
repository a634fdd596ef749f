import { ServiceName } from './faults';

/** Hosts of Azure's three clouds. */
const PATTERNS: readonly (readonly [ServiceName, RegExp])[] = [
  [
    'login',
    /^(login\.microsoftonline\.(com|us)|login\.microsoft\.com|login\.windows\.net|sts\.windows\.net|login\.partner\.microsoftonline\.cn|login\.chinacloudapi\.cn)$/,
  ],
  [
    'arm',
    /^management\.(azure\.com|core\.windows\.net|usgovcloudapi\.net|core\.usgovcloudapi\.net|chinacloudapi\.cn|core\.chinacloudapi\.cn)$/,
  ],
  ['graph', /^(graph\.microsoft\.(com|us)|microsoftgraph\.chinacloudapi\.cn|graph\.windows\.net)$/],
  ['vault', /^[^.]+\.vault\.(azure\.net|usgovcloudapi\.net|azure\.cn)$/],
  ['gateway', /^[^.]+\.azure-api\.(net|us|cn)$/],
  ['identity', /^169\.254\.169\.254$/],
];

export const CERTIFICATE_NAMES = [
  'localhost',
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.windows.net',
  'sts.windows.net',
  'management.azure.com',
  'management.core.windows.net',
  'graph.microsoft.com',
  'graph.windows.net',
  '*.vault.azure.net',
  '*.azure-api.net',
];

export function serviceOf(host: string): ServiceName | undefined {
  return PATTERNS.find(([, pattern]) => pattern.test(host))?.[0];
}

/** The vault or the API Management service that a host names. */
export const firstLabel = (host: string): string => host.split('.')[0];

const SUFFIXES: readonly (readonly [RegExp, { readonly vault: string; readonly gateway: string }])[] = [
  [/usgovcloudapi\.net$|\.us$/, { vault: 'vault.usgovcloudapi.net', gateway: 'azure-api.us' }],
  [/\.cn$/, { vault: 'vault.azure.cn', gateway: 'azure-api.cn' }],
];

/** Host suffixes of the cloud that a request came to. */
export function suffixesOf(host: string): { readonly vault: string; readonly gateway: string } {
  return (
    SUFFIXES.find(([pattern]) => pattern.test(host))?.[1] ?? { vault: 'vault.azure.net', gateway: 'azure-api.net' }
  );
}
