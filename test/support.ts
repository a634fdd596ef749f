import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { App, AppConfig, TerraformDataSource, TerraformElement, TerraformResource, TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import {
  ApimInstanceWithIdentity,
  ApimInstanceWithIdentityProps,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  EphemeralAzapiResourceAction,
  IApimInstance,
  IOAuthProduct,
  MultiProductApplication,
  MultiProductApplicationProps,
  OAuthProduct,
  OAuthProductProps,
} from '../lib';

export const SUBSCRIPTION = '22222222-2222-2222-2222-222222222222';
export const TENANT = '11111111-1111-1111-1111-111111111111';
export const OWNER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim/users/jane`;
export const VAULT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/contoso-vault`;

const output = mkdtempSync(join(tmpdir(), 'apim-oauth-test-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

export function newApp(config: AppConfig = {}): App {
  return new App({ outdir: mkdtempSync(join(output, 'app-')), stackTraces: false, ...config });
}

/** A stack with the providers, which synthesis asks for. */
export function newStack(app = newApp(), id = 'stack'): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AzureProviders(stack, 'azure');
  return stack;
}

/** What a stack's `cdk.tf.json` holds. */
export type Terraform = Record<string, any>;

/** Synthesizes the whole app, validations included, and reads back what was written for the stack. */
export function synth(stack: TerraformStack): Terraform {
  return JSON.parse(synthText(stack));
}

export function synthText(stack: TerraformStack): string {
  const app = App.of(stack);
  app.synth();
  return readFileSync(join(app.outdir, app.manifest.forStack(stack).synthesizedStackPath), 'utf8');
}

/** The block of an element, without the metadata that cdktf adds, which `metadataOf` reads. */
export function blockOf(terraform: Terraform, element: IConstruct): any {
  const { '//': _, ...block } = wholeBlockOf(terraform, element);
  return block;
}

export function metadataOf(terraform: Terraform, element: IConstruct): any {
  return wholeBlockOf(terraform, element)['//'];
}

function wholeBlockOf(terraform: Terraform, element: IConstruct): any {
  if (element instanceof EphemeralAzapiResourceAction) {
    return terraform.ephemeral.azapi_resource_action[element.friendlyUniqueId];
  }
  if (!TerraformResource.isTerraformResource(element) && !TerraformDataSource.isTerraformDataSource(element)) {
    throw new Error(`${element.node.path} is neither a resource nor a data source`);
  }
  const kind = TerraformResource.isTerraformResource(element) ? 'resource' : 'data';
  return terraform[kind][element.terraformResourceType][element.friendlyUniqueId];
}

/** The element below a construct, by its path from there. */
export function child(construct: IConstruct, path: string): TerraformElement {
  return path.split('/').reduce<IConstruct>((node, id) => node.node.findChild(id), construct) as TerraformElement;
}

/** How many blocks there are of each type, data sources as `data.<type>`. */
export function counts(terraform: Terraform): Record<string, number> {
  const of = (prefix: string, blocks: Terraform = {}) =>
    Object.entries(blocks).map(([type, named]) => [prefix + type, Object.keys(named).length] as const);
  return Object.fromEntries([
    ...of('', terraform.resource),
    ...of('data.', terraform.data),
    ...of('ephemeral.', terraform.ephemeral),
  ]);
}

export function warningsOf(construct: IConstruct): string[] {
  return construct.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => data);
}

/** The whole message of what a function throws. */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** A value of a type that TypeScript refuses and a JavaScript program can give. */
export function untyped(value: unknown): never {
  return value as never;
}

export function newInstance(
  stack: TerraformStack,
  id = 'apim',
  props: Partial<ApimInstanceWithIdentityProps> = {},
): ApimInstanceWithIdentity {
  return new ApimInstanceWithIdentity(stack, id, {
    name: 'contoso-apim',
    resourceGroupName: 'rg',
    location: 'centraluseuap',
    publisherName: 'Contoso',
    publisherEmail: 'api@contoso.com',
    ...props,
  });
}

export function newApi(stack: TerraformStack, instance: IApimInstance, id = 'echo'): ApiManagementApi {
  const { instanceName: apiManagementName, resourceGroupName } = instance;
  return new ApiManagementApi(stack, id, { name: id, apiManagementName, resourceGroupName, revision: '1' });
}

export function newProduct(
  stack: TerraformStack,
  instance: IApimInstance,
  id = 'gold',
  props: Partial<OAuthProductProps> = {},
): OAuthProduct {
  const displayName = id[0].toUpperCase() + id.slice(1);
  return new OAuthProduct(stack, id, { instance, displayName, apiNames: ['echo'], ...props });
}

export function newClient(
  stack: Construct,
  instance: IApimInstance,
  id = 'partner',
  props: Partial<MultiProductApplicationProps> = {},
): MultiProductApplication {
  return new MultiProductApplication(stack, id, { instance, displayName: 'Partner', ownerUserId: OWNER, ...props });
}

/** A client whose application Terraform owns. */
export function newEntraClient(
  stack: TerraformStack,
  instance: IApimInstance,
  products: IOAuthProduct[],
  credentials = [newCredential()],
  props: Partial<MultiProductApplicationProps> = {},
  id = 'partner',
): MultiProductApplication {
  const registration = ClientRegistration.entra({ credentials });
  return new MultiProductApplication(stack, id, { instance, displayName: 'Partner', products, registration, ...props });
}

export function newCredential(name?: string): ClientCredential {
  return ClientCredential.federated({ issuer: 'https://issuer.example', subject: 'workload', name });
}

/** What differs between two syntheses: blocks that came (+) or went (-), and the arguments that changed in others. */
export function changes(before: Terraform, after: Terraform): string[] {
  const [old, current] = [blocksOf(before), blocksOf(after)];
  return [...new Set([...old.keys(), ...current.keys()])].sort().flatMap((address) => {
    const [was, is] = [old.get(address), current.get(address)];
    if (was === undefined || is === undefined) {
      return [`${was === undefined ? '+' : '-'} ${address}`];
    }
    // A comment: Terraform does not read it.
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => name !== '//').sort();
    return names
      .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
      .map((name) => `${address}: ${name}`);
  });
}

function blocksOf(terraform: Terraform): Map<string, Record<string, unknown>> {
  const kinds = [
    ['', 'resource'],
    ['data.', 'data'],
    ['ephemeral.', 'ephemeral'],
  ] as const;
  const blocks = kinds.flatMap(([prefix, kind]) =>
    Object.entries<Terraform>(terraform[kind] ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(
        ([name, block]) => [`${prefix}${type}.${name}`, block as Record<string, unknown>] as const,
      ),
    ),
  );
  return new Map(blocks);
}

/** The text that an expression of C# strings yields, `@("a" + "b")`. */
export function csharpText(expression: string): string {
  const strings = expression.replace(/^@\(|\)$/g, '').matchAll(/"((?:[^"\\]|\\.)*)"/g);
  return [...strings]
    .map(([, text]) =>
      text.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code: string | undefined, escaped: string) =>
        code === undefined ? escaped : String.fromCharCode(parseInt(code, 16)),
      ),
    )
    .join('');
}

/** How Terraform refers to the principal of an instance that is made here, by its construct. */
export function principalOf(apim: IConstruct): string {
  return identityExpression(apim, 'principal_id', 'principalId');
}

/** How Terraform refers to the tenant of an instance that is made here, by its construct. */
export function tenantOf(apim: IConstruct): string {
  return identityExpression(apim, 'tenant_id', 'tenantId');
}

function identityExpression(apim: IConstruct, attribute: string, exported: string): string {
  const after = child(apim, 'identity-after').friendlyUniqueId;
  const instance = child(apim, 'Default').friendlyUniqueId;
  return `\${coalesce(try(azurerm_api_management.${instance}.identity[0].${attribute}, null), data.azapi_resource.${after}.output.${exported})}`;
}
