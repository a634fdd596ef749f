import type { Landscape } from '../landscape/model';
import { clean } from '../message';
import type { Adoptable, NotAdopted } from './adoptable';
import type { Framework } from './framework';
import type { ManagedInstance } from './managed-instance';
import { slug } from './names';
import { isName, quoted, template } from './typescript';
import { programOf } from './program';
import { plannedStacks, type StackPer } from './stacks';

/** As the project's formatter writes it. */
const TSCONFIG = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "CommonJS",
    "moduleResolution": "node",
    "strict": true,
    "esModuleInterop": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["main.ts"]
}
`;

interface ProjectOptions {
  readonly framework: Framework;
  readonly stack: string;
  readonly per?: StackPer;
  readonly managed?: ManagedInstance;
}

/** Every file of the program. */
export function projectOf(
  landscape: Landscape,
  adoptable: Adoptable,
  { framework, stack, per, managed }: ProjectOptions,
): Readonly<Record<string, string>> {
  const { instance } = landscape;
  const stacks = plannedStacks(adoptable, stack, per);
  const policies = adoptable.products.flatMap(({ product, policy }) =>
    policy === undefined ? [] : [[product.id, policy.xml] as const],
  );
  return {
    'main.ts': programOf(instance, stacks, {
      framework,
      leftOut: adoptable.notAdopted.length,
      ...(managed === undefined ? {} : { managed }),
    }),
    ...(policies.length === 0 ? {} : { 'policies.ts': policiesModule(policies) }),
    'cdktf.json': json({
      language: 'typescript',
      app: 'npx tsx main.ts',
      projectId: slug(`${instance.name}-oauth`),
      sendCrashReports: 'false',
      terraformProviders: [],
      terraformModules: [],
      context: {},
    }),
    'package.json': json({
      name: slug(`${instance.name}-oauth`),
      private: true,
      scripts: { synth: 'tsx main.ts', typecheck: 'tsc --noEmit' },
      dependencies: framework.dependencies,
      devDependencies: { tsx: '^4.20.0', typescript: '^5.9.0' },
      ...(framework.overrides === undefined ? {} : { overrides: framework.overrides }),
    }),
    'tsconfig.json': TSCONFIG,
    'not-adopted.md': notAdopted(adoptable.notAdopted),
    'existing.tfquery.hcl': query(landscape),
  };
}

/** Policies of products in a module of their own: they have many lines. */
function policiesModule(policies: readonly (readonly [string, string])[]): string {
  return [
    '/*',
    ' * Policies of products as Azure has them, by the ids of the products.',
    ' *',
    ' * Terraform reads a dollar or percent sign before a brace as the start of an expression: write the sign twice.',
    ' */',
    'export const policies = {',
    ...policies.map(
      ([id, xml]) => `  ${isName(id) ? id : quoted(id)}: ${template(xml.replaceAll(/[$%](?=\{)/g, '$&$&'))},`,
    ),
    '};',
    '',
  ].join('\n');
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function notAdopted(items: readonly NotAdopted[]): string {
  const sections = items.flatMap(({ what, reason, instead }) => [
    `## ${heading(what)}`,
    '',
    `Not adopted: ${clean(reason)}.`,
    '',
    ...(instead === undefined ? [] : ['Import it with', '', '```hcl', instead, '```', '']),
  ]);
  return [
    '# Not adopted',
    '',
    items.length === 0
      ? 'Everything was adopted.'
      : '`main.ts` does not declare these objects: Terraform neither changes nor destroys them. Import blocks of azurerm and azuread write the configuration themselves with `terraform plan -generate-config-out=generated.tf`.',
    '',
    ...sections,
  ].join('\n');
}

/** Names of people, as text of a heading. */
function heading(text: string): string {
  return clean(text).replaceAll(/[\\`*_{}[\]<>#|!]/g, (character) => `\\${character}`);
}

/** More than an instance has. */
const MOST_LISTED = 50_000;

/** Lists the same with `terraform query`, which Terraform has since 1.14. */
function query({ instance, clients }: Landscape): string {
  const list = (name: string, type: string, parent: string): string =>
    [
      `list "azapi_resource" "${name}" {`,
      '  provider = azapi',
      `  limit    = ${MOST_LISTED}`,
      '',
      '  config {',
      `    type      = "Microsoft.ApiManagement/service/${type}@2024-10-01-preview"`,
      `    parent_id = ${JSON.stringify(parent)}`,
      '  }',
      '}',
      '',
    ].join('\n');
  return [
    '# Lists what exists with `terraform query`, which needs Terraform 1.14 or later: put this file beside cdk.tf.json.',
    '# Without a limit, Terraform lists 100 of each.',
    '',
    list('products', 'products', instance.id),
    list('client_applications', 'clientApplications', instance.id),
    ...clients.map((client, index) =>
      list(`links_of_client_${index + 1}`, 'clientApplications/productLinks', client.resourceId),
    ),
  ].join('\n');
}
