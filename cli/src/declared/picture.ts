import type { Picture, PictureEdge, PictureNode } from '../picture/model';
import type { Application, Credential, DeclaredAccess, Product, RegistrationOwner } from './model';

const CREDENTIALS: Readonly<Record<string, string>> = {
  'key-vault-secret': 'secret in Key Vault',
  'developer-portal': 'secret in developer portal',
  federated: 'federated, no secret',
  certificate: 'certificate',
  password: 'password',
  none: 'no credential',
  unknown: 'credential not known here',
};

const REGISTERED: Readonly<Record<RegistrationOwner, string>> = {
  'api-management': 'API Management',
  terraform: 'Terraform',
  other: 'somebody else',
};

/** The declared access as a picture. */
export function pictureOf(access: DeclaredAccess): Picture {
  const severalStacks = access.stacks.length > 1;
  const nodes: PictureNode[] = [
    ...access.owners.map(({ key, name }) => node(`owner ${key}`, 'owner', name, [])),
    ...access.applications.map((application) =>
      node(
        `client ${application.key}`,
        'client',
        application.displayName,
        clientDetails(application, severalStacks),
        application.credentials.some(({ kind }) => kind === 'none' || kind === 'password'),
      ),
    ),
    ...access.products.map((product) =>
      node(
        `product ${product.key}`,
        'product',
        product.displayName,
        productDetails(product, severalStacks),
        product.open,
      ),
    ),
    ...access.apis.map(({ key, name }) => node(`api ${key}`, 'api', name, [])),
  ];
  const edges: PictureEdge[] = [
    ...access.applications.flatMap(({ key, owner, products }) => [
      ...(owner === undefined ? [] : [edge(`owner ${owner}`, `client ${key}`)]),
      ...products.map((product) => edge(`client ${key}`, `product ${product}`)),
    ]),
    ...access.products.flatMap(({ key, apis }) => apis.map((api) => edge(`product ${key}`, `api ${api}`))),
  ];
  const stacks = access.stacks.join(', ');
  return {
    title: `Access that ${severalStacks ? 'the stacks' : 'stack'} ${stacks} ${severalStacks ? 'declare' : 'declares'}`,
    nodes,
    edges,
    notes: access.unknown,
  };
}

function node(
  key: string,
  column: PictureNode['column'],
  name: string,
  details: readonly string[],
  alarming = false,
): PictureNode {
  return { key, column, name, details, alarming, members: [name] };
}

function edge(from: string, to: string): PictureEdge {
  return { from, to, count: 1 };
}

function clientDetails(
  { credentials, registrationOwner, stack }: Application,
  severalStacks: boolean,
): readonly string[] {
  return [credentialsInWords(credentials), registered(registrationOwner, severalStacks ? [stack] : [])];
}

export function credentialsInWords(credentials: readonly Credential[]): string {
  const kinds = new Map<string, number>();
  credentials.forEach(({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  return [...kinds].map(([kind, count]) => `${CREDENTIALS[kind] ?? kind}${count > 1 ? ` ×${count}` : ''}`).join(', ');
}

function productDetails(
  { enforcedBy, acceptsKeys, open, registrationOwner, stacks }: Product,
  severalStacks: boolean,
): readonly string[] {
  const access = open
    ? 'open: neither token nor key'
    : enforcedBy === 'gateway' || enforcedBy === 'policy'
      ? `token${acceptsKeys === true ? ' or key' : ''}${enforcedBy === 'policy' ? ', by policy' : ''}`
      : enforcedBy === 'nothing'
        ? 'key'
        : 'access not declared here';
  return [access, registered(registrationOwner, severalStacks ? stacks : [])];
}

function registered(owner: RegistrationOwner, stacks: readonly string[]): string {
  return stacks.length === 0 ? `registered by ${REGISTERED[owner]}` : `${REGISTERED[owner]}, ${stacks.join(', ')}`;
}
