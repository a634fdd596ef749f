import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { Portfolio, portfolioOf } from '../bench/portfolio';
import { declare as apimManagedByHand } from '../bench/programs/apim-managed-by-hand';
import { declare as apimManagedLibrary } from '../bench/programs/apim-managed-library';
import { declare as entraByHand } from '../bench/programs/entra-by-hand';
import { declare as entraLibrary } from '../bench/programs/entra-library';

type Block = Record<string, any>;
type Blocks = Record<string, Record<string, Block>>;
type Program = (stack: TerraformStack, portfolio: Portfolio) => void;

/** Arguments that say which object a block is; what else a program says of it may differ. */
const IDENTITY = [
  'type',
  'name',
  'display_name',
  'parent_id',
  'product_id',
  'api_name',
  'client_id',
  'application_id',
  'principal_object_id',
  'resource_object_id',
];
/** The library's expressions also say what holds where a registration has lost its role, which only destroys reach. */
const OR_NIL = /coalesce\((each\.value\.\w+), \\"0{8}-[0-]+\\"\)/g;
const REFERENCE = /\$\{(\w+)\.([\w-]+)\.\w+\}/g;

/** What Terraform would make, whether by blocks of their own or by `for_each`. */
function objectsOf(declare: Program): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = new App({ outdir });
  declare(new TerraformStack(app, 'portfolio'), portfolioOf({ products: 4, applications: 6, grants: 3 }));
  app.synth();
  const { resource } = JSON.parse(readFileSync(join(outdir, 'stacks/portfolio/cdk.tf.json'), 'utf8')) as {
    resource: Blocks;
  };
  rmSync(outdir, { recursive: true });
  return Object.entries(resource)
    .flatMap(([type, blocks]) =>
      Object.values(blocks)
        .flatMap(instancesOf)
        .map((block) => identityOf(resource, type, block)),
    )
    .sort();
}

function instancesOf({ for_each: each, ...block }: Block): Block[] {
  if (each === undefined) {
    return [block];
  }
  return Object.entries(each as Record<string, string | Record<string, string>>).map(([key, value]) => {
    const values =
      typeof value === 'string'
        ? { '': value }
        : Object.fromEntries(Object.entries(value).map(([name, text]) => [`.${name}`, text]));
    const text = Object.entries(values).reduce(
      (rendered, [name, part]) => rendered.replaceAll(`\${each.value${name}}`, part),
      JSON.stringify(block).replaceAll('${each.key}', key).replace(OR_NIL, '$1'),
    );
    return JSON.parse(text) as Block;
  });
}

/** References by what they refer to, since the programs give their constructs different ids. */
function identityOf(resource: Blocks, type: string, block: Block): string {
  const nameOf = (_: string, kind: string, name: string): string => {
    const target = resource[kind]?.[name] ?? {};
    return `<${String(target.name ?? target.display_name ?? identityOf(resource, kind, target))}>`;
  };
  // The library's expression also heals an identity that was switched off by hand.
  const principal = /^\$\{coalesce\(try\((azurerm_api_management\.\w+\.identity\[0\]\.principal_id), null\), .*\)\}$/;
  return [
    type,
    ...IDENTITY.map((argument) =>
      String(block[argument] ?? '')
        .replace(principal, '${$1}')
        .replace(REFERENCE, nameOf),
    ),
  ]
    .join(' ')
    .trimEnd();
}

describe.each<[string, Program, Program, string]>([
  ['apim-managed', apimManagedLibrary, apimManagedByHand, '/productLinks@'],
  ['entra', entraLibrary, entraByHand, 'azuread_app_role_assignment '],
])('the programs of %s clients', (_, library, byHand, grant) => {
  test('declare the same objects', () => {
    expect(objectsOf(library)).toEqual(objectsOf(byHand));
  });

  test('declare every grant', () => {
    const grants = objectsOf(library).filter((object) => object.includes(grant));
    expect(new Set(grants).size).toBe(18);
  });
});
