import { property } from '../input/json';
import type { Application, Credential, Owner } from './model';
import { constructPathOf, instanceOf, isClientApplication, isProductLink, propertiesOf } from './objects';
import { instancesOf, type FoundProduct, type Products } from './products';
import type { Program } from './program';
import type { DeclaredBlock } from './stacks';

export interface FoundApplications {
  readonly applications: readonly Application[];
  readonly owners: readonly Owner[];
  readonly unknown: readonly string[];
}

/** Every client application with its grants, credentials and owner. */
export function applicationsOf(program: Program, products: Products): FoundApplications {
  const owners = new Map<string, Owner>();
  const unknown: string[] = [];
  const clients = new Map<string, Omit<Application, 'products'>>();
  const grants = new Map<string, Set<string>>();
  const grant = (client: string, product: FoundProduct): void => {
    grants.set(client, (grants.get(client) ?? new Set()).add(product.key));
  };
  const credentials = credentialsByClient(program);
  const addClient = (block: DeclaredBlock, kind: 'api-management' | 'terraform'): void => {
    const owner = ownerOf(program, block, kind);
    if (owner !== undefined) {
      owners.set(owner.key, owner);
    }
    const constructPath = constructPathOf(block);
    clients.set(keyOf(block), {
      key: keyOf(block),
      stack: block.stack,
      displayName: displayNameOf(program, block) ?? block.name,
      ...(constructPath === undefined ? {} : { constructPath }),
      registrationOwner: kind,
      ...(owner === undefined ? {} : { owner: owner.key }),
      credentials: credentials.get(block) ?? [{ kind: kind === 'api-management' ? 'developer-portal' : 'none' }],
    });
  };
  for (const block of program.blocks(isClientApplication)) {
    addClient(block, 'api-management');
  }
  for (const link of program.blocks(isProductLink)) {
    const client = program.leadsTo(link.stack, link.body.parent_id, isClientApplication);
    const { instance } = instanceOf(program, link.stack, client?.body.parent_id);
    const linked = instancesOf(link);
    for (const [key, expression] of linked.length > 0
      ? linked
      : [[link.name, property(propertiesOf(link), 'productId')] as const]) {
      const product = products.find(link.stack, expression, instance, key);
      if (client === undefined || product === undefined) {
        unknown.push(
          `${link.stack}: ${link.address}["${key}"] links a client to a product, and the program does not say ${client === undefined ? 'which client' : 'which product'}`,
        );
      } else {
        grant(keyOf(client), product);
      }
    }
  }
  for (const assignment of program.blocks(({ type }) => type === 'azuread_app_role_assignment')) {
    const instances = instancesOf(assignment);
    const granted: readonly (readonly [string, unknown])[] =
      instances.length > 0 ? instances : [[assignment.name, assignment.body.resource_object_id]];
    const found = granted.map(([key, value]) => {
      const resource = property(value, 'resource') ?? value;
      return [key, products.find(assignment.stack, resource, undefined, key)] as const;
    });
    if (found.every(([, product]) => product === undefined) && instances.length === 0) {
      continue;
    }
    const client = clientOf(program, assignment);
    for (const [key, product] of found) {
      if (product === undefined) {
        unknown.push(
          `${assignment.stack}: ${assignment.address}["${key}"] assigns an app role, and the program does not say of which product`,
        );
        continue;
      }
      if (typeof client === 'string') {
        clients.set(client, clients.get(client) ?? existingClient(program, assignment, client));
      } else if (!clients.has(keyOf(client))) {
        addClient(client, 'terraform');
      }
      grant(typeof client === 'string' ? client : keyOf(client), product);
    }
  }
  return {
    applications: [...clients.values()].map((client) => ({
      ...client,
      products: [...(grants.get(client.key) ?? [])],
    })),
    owners: [...owners.values()],
    unknown,
  };
}

function keyOf({ stack, address }: DeclaredBlock): string {
  return `${stack}/${address}`;
}

/** The application of an assignment's principal; a key of its own where the program only knows the principal's id. */
function clientOf(program: Program, { stack, address, body }: DeclaredBlock): DeclaredBlock | string {
  const found = program.leadsTo(
    stack,
    body.principal_object_id,
    ({ type, mode }) => mode === 'resource' && type === 'azuread_application',
  );
  return found ?? `${stack}/${program.text(stack, body.principal_object_id) ?? address}`;
}

function existingClient(program: Program, assignment: DeclaredBlock, key: string): Omit<Application, 'products'> {
  const constructPath = constructPathOf(assignment)?.replace(/\/[^/]+$/, '');
  return {
    key,
    stack: assignment.stack,
    displayName:
      constructPath?.split('/').at(-1) ?? program.text(assignment.stack, assignment.body.principal_object_id) ?? key,
    ...(constructPath === undefined ? {} : { constructPath }),
    registrationOwner: 'other',
    credentials: [{ kind: 'unknown' }],
  };
}

function displayNameOf(program: Program, block: DeclaredBlock): string | undefined {
  const name = property(propertiesOf(block), 'displayName') ?? block.body.display_name;
  const text = program.text(block.stack, name);
  return block.type === 'azuread_application' ? text?.replace(/^APIMApplication(?=.)/, '') : text;
}

const NOTE = /^Owner in API Management: (.+)$/s;

function ownerOf(program: Program, block: DeclaredBlock, kind: 'api-management' | 'terraform'): Owner | undefined {
  const { stack, body } = block;
  if (kind === 'api-management') {
    return userOf(program, stack, property(propertiesOf(block), 'ownerId'));
  }
  const note = typeof body.notes === 'string' ? NOTE.exec(body.notes)?.[1] : undefined;
  if (note !== undefined) {
    return userOf(program, stack, note);
  }
  const given = Array.isArray(body.owners) ? body.owners : [];
  const texts = given.flatMap((owner) => program.text(stack, owner) ?? []);
  if (texts.length > 0) {
    return {
      key: texts.join(' ').toLowerCase(),
      name: texts.length === 1 ? `Entra ${texts[0] ?? ''}` : `${texts.length} owners in Entra`,
    };
  }
  return given.length === 0 ? undefined : { key: `${stack}/deployer`, name: `Deployer of ${stack}` };
}

/** A user of the instance: by name where the program declares them, by id where it does not. */
function userOf(program: Program, stack: string, expression: unknown): Owner | undefined {
  const block = program.leadsTo(stack, expression, ({ type }) => type === 'azurerm_api_management_user');
  if (block !== undefined) {
    const named = [block.body.first_name, block.body.last_name].flatMap(
      (part) => program.text(block.stack, part) ?? [],
    );
    const { instance } = instanceOf(program, block.stack, block.body.api_management_name);
    const id = program.text(block.stack, block.body.user_id) ?? block.address;
    return { key: `${instance ?? ''}/${id}`.toLowerCase(), name: named.join(' ') || id };
  }
  const id = typeof expression === 'string' ? /\/users\/([^/${}]+)$/.exec(expression)?.[1] : undefined;
  const { instance } = instanceOf(program, stack, expression);
  return id === undefined ? undefined : { key: `${instance ?? ''}/${id}`.toLowerCase(), name: id };
}

const CREDENTIALS: Readonly<Record<string, string>> = {
  azurerm_key_vault_secret: 'key-vault-secret',
  azuread_application_federated_identity_credential: 'federated',
  azuread_application_certificate: 'certificate',
  azuread_application_password: 'password',
};

/** Credentials of all clients; a secret in Key Vault is that of the client whose secrets it is written from. */
function credentialsByClient(program: Program): ReadonlyMap<DeclaredBlock, readonly Credential[]> {
  const found = new Map<DeclaredBlock, Credential[]>();
  const isClient = (block: DeclaredBlock): boolean =>
    isClientApplication(block) || (block.type === 'azuread_application' && block.mode === 'resource');
  for (const block of program.blocks(({ type, mode }) => mode === 'resource' && CREDENTIALS[type] !== undefined)) {
    const { stack, type, body } = block;
    const client = program.leadsTo(stack, body.value_wo ?? body.application_id, isClient);
    if (client !== undefined) {
      const name = program.text(stack, body.name ?? body.display_name) ?? constructPathOf(block)?.split('/').at(2);
      const credential = { kind: CREDENTIALS[type] ?? 'unknown', ...(name === undefined ? {} : { name }) };
      found.set(client, [...(found.get(client) ?? []), credential]);
    }
  }
  return found;
}
