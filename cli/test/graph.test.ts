import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import Ajv2020 from 'ajv/dist/2020';
import { App, TerraformStack } from 'cdktf';
import {
  ApimInstanceWithIdentity,
  AzureProviders,
  ClientCredential,
  ClientRegistration,
  DirectoryRole,
  MultiProductApplication,
  OAuthProduct,
  PreviewSandbox,
  ProductAuthorization,
} from 'cdktf-apim-oauth';
import { run } from '../src/cli';
import { declaredAccess } from '../src/declared/access';
import type { DeclaredAccess } from '../src/declared/model';
import { pictureOf } from '../src/declared/picture';
import { readStacks } from '../src/declared/stacks';
import { fold, MOST_ROWS } from '../src/picture/fold';
import { layOut } from '../src/picture/layout';
import { mermaid } from '../src/picture/mermaid';
import { COLUMNS, type Picture, type PictureNode } from '../src/picture/model';
import { svgFile } from '../src/picture/svg';
import { portfolio, synthesized } from './declared/portfolio';
import { hostileNames } from './fixtures/hostile';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apim-oauth-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function graph(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const status = await run(['graph', ...args], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    environment: {},
  });
  return { status, stdout, stderr: stderr.replaceAll(folder, 'FOLDER') };
}

const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema', 'graph-1.schema.json'), 'utf8')) as object;
const isAccess = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

function accessOf(access: DeclaredAccess): Record<string, unknown> {
  const byKey = new Map(access.products.map(({ key, displayName }) => [key, displayName]));
  const owners = new Map(access.owners.map(({ key, name }) => [key, name]));
  return Object.fromEntries(
    access.applications.map(({ displayName, registrationOwner, owner, credentials, products }) => [
      displayName,
      [
        owners.get(owner ?? ''),
        registrationOwner,
        credentials.map(({ kind, name }) => `${kind} ${name ?? ''}`.trim()),
        products.map((key) => byKey.get(key)),
      ],
    ]),
  );
}

/** Three stacks: a platform, a product team with every kind of product, and consumers of them. */
function teams(): DeclaredAccess {
  const app = new App({ outdir: folder });
  const stack = (name: string): TerraformStack => {
    const made = new TerraformStack(app, name);
    new AzureProviders(made, 'azure', { subscriptionId: '22222222-2222-4222-8222-222222222222' });
    return made;
  };
  const platform = stack('platform');
  const instance = new ApimInstanceWithIdentity(platform, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'rg-contoso',
    location: 'centraluseuap',
    publisherName: 'Contoso',
    publisherEmail: 'api@contoso.com',
  });
  const team = stack('orders-team');
  const read = (stack: TerraformStack) =>
    ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
      name: 'contoso-apim',
      resourceGroupName: 'rg-contoso',
      directoryRole: DirectoryRole.none(),
    });
  const apim = read(team);
  const managed = new OAuthProduct(team, 'orders', {
    instance: apim,
    displayName: 'Orders',
    apiNames: ['orders', 'stock'],
  });
  const own = new OAuthProduct(team, 'own', {
    instance: apim,
    displayName: 'Own',
    apiNames: ['orders'],
    authorization: ProductAuthorization.entraApplication(),
    acceptSubscriptionKey: true,
  });
  const policy = new OAuthProduct(team, 'policy', {
    instance: apim,
    displayName: 'Policy',
    apiNames: ['orders'],
    authorization: ProductAuthorization.gatewayPolicy(),
    acceptSubscriptionKey: true,
  });
  const owner = `/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-contoso/providers/Microsoft.ApiManagement/service/contoso-apim/users/jane`;
  new MultiProductApplication(team, 'local', {
    instance: apim,
    displayName: 'Local',
    ownerUserId: owner,
    products: [managed, own],
  });
  const consumer = stack('consumer-team');
  const apimOfConsumer = read(consumer);
  new MultiProductApplication(consumer, 'reporting', {
    instance: apimOfConsumer,
    displayName: 'Reporting',
    registration: ClientRegistration.entra({
      credentials: [
        ClientCredential.gitHubActions({ organization: 'contoso', repository: 'reporting', branch: 'main' }),
        ClientCredential.federated({ name: 'cluster', issuer: 'https://oidc.example.com', subject: 'reporting' }),
      ],
    }),
    products: [
      OAuthProduct.fromProductId(consumer, 'orders', {
        instance: apimOfConsumer,
        productId: 'orders',
        displayName: 'Orders',
      }),
      own,
      policy,
    ],
  });
  new MultiProductApplication(consumer, 'shared', {
    instance,
    displayName: 'Owned by a user',
    ownerUserId: owner,
    registration: ClientRegistration.entra({
      credentials: [
        ClientCredential.federated({ name: 'cluster', issuer: 'https://oidc.example.com', subject: 'shared' }),
      ],
    }),
    products: [policy],
  });
  app.synth();
  return declaredAccess(readStacks(folder));
}

describe('what a program declares', () => {
  test('over several stacks, with each owner of the registration and each way of enforcement', () => {
    const access = teams();
    expect(access.unknown).toEqual([]);
    expect(accessOf(access)).toEqual({
      Local: ['jane', 'api-management', ['developer-portal'], ['Orders', 'Own']],
      Reporting: [
        'Deployer of consumer-team',
        'terraform',
        ['federated cluster', 'federated github-contoso-reporting-main'],
        ['Orders', 'Own', 'Policy'],
      ],
      'Owned by a user': ['jane', 'terraform', ['federated cluster'], ['Policy']],
    });
    expect(
      access.products.map(
        ({ displayName, instance, stacks, enforcedBy, registrationOwner, acceptsKeys, open, apis }) => [
          [displayName, instance, stacks, enforcedBy, registrationOwner, acceptsKeys, open],
          apis,
        ],
      ),
    ).toEqual([
      [
        ['Orders', 'contoso-apim', ['orders-team'], 'gateway', 'api-management', false, false],
        ['contoso-apim/orders', 'contoso-apim/stock'],
      ],
      [['Own', 'contoso-apim', ['orders-team'], 'gateway', 'terraform', true, false], ['contoso-apim/orders']],
      [['Policy', 'contoso-apim', ['orders-team'], 'policy', 'terraform', true, false], ['contoso-apim/orders']],
    ]);
  });

  test('a sandbox: its user, its secret in Key Vault, its products', () => {
    const app = new App({ outdir: folder });
    new PreviewSandbox(app, 'sandbox', {
      ownerEmail: 'jane@contoso.com',
      subscriptionId: '22222222-2222-4222-8222-222222222222',
    });
    app.synth();
    expect(Object.values(accessOf(declaredAccess(readStacks(folder))))).toEqual([
      ['Sandbox Developer', 'api-management', ['key-vault-secret client-secret'], ['Starter', 'Unlimited']],
    ]);
  });

  test('blocks written by hand: a product of azurerm that is open, a grant that leads nowhere', () => {
    synthesized(folder, {
      main: {
        resource: {
          azurerm_api_management_product: {
            open: {
              product_id: 'open',
              display_name: 'Open $${x}',
              api_management_name: 'contoso-apim',
              subscription_required: false,
            },
          },
          azuread_app_role_assignment: {
            lost: {
              for_each: { gone: { resource: '${var.elsewhere}', role: 'x' } },
              principal_object_id: '${var.principal}',
            },
            graph: { resource_object_id: '${var.graph}', app_role_id: 'x', principal_object_id: 'y' },
          },
          azapi_resource: {
            links: {
              type: 'Microsoft.ApiManagement/service/clientApplications/productLinks@2024-10-01-preview',
              parent_id: '${var.client}',
              for_each: { open: '${azurerm_api_management_product.open.id}' },
            },
          },
        },
      },
    });
    const access = declaredAccess(readStacks(folder));
    expect(access.products).toMatchObject([
      { displayName: 'Open ${x}', instance: 'contoso-apim', open: true, enforcedBy: 'nothing', acceptsKeys: false },
    ]);
    expect(access.unknown).toEqual([
      'main: azapi_resource.links["open"] links a client to a product, and the program does not say which client',
      'main: azuread_app_role_assignment.lost["gone"] assigns an app role, and the program does not say of which product',
    ]);
  });
});

describe('the picture', () => {
  test.each([3, 60, 600])('of %d applications fits: no column has too many boxes, and nobody is lost', (clients) => {
    const picture = pictureOf(declaredAccess(readStacks(synthesized(folder, { main: portfolio(clients) }))));
    const folded = fold(picture);
    for (const column of COLUMNS) {
      const boxes = folded.nodes.filter((node) => node.column === column);
      expect(boxes.length).toBeLessThanOrEqual(MOST_ROWS);
      expect(boxes.flatMap(({ members }) => members).sort()).toEqual(
        picture.nodes
          .filter((node) => node.column === column)
          .map(({ name }) => name)
          .sort(),
      );
    }
    const keys = new Set(folded.nodes.map(({ key }) => key));
    expect(folded.edges.filter(({ from, to }) => !keys.has(from) || !keys.has(to))).toEqual([]);
    expect(folded.edges.reduce((sum, { count }) => sum + count, 0)).toBe(picture.edges.length);
    if (clients === 3) {
      expect(folded).toEqual(picture);
    }
  });

  test('boxes of a column do not overlap, and lines end at their boxes', () => {
    const layout = layOut(fold(pictureOf(declaredAccess(readStacks(synthesized(folder, { main: portfolio(60) }))))));
    const boxes = new Map(layout.nodes.map((node) => [node.key, node]));
    for (const { x } of layout.columns) {
      const column = layout.nodes.filter((node) => node.x === x).sort((one, other) => one.y - other.y);
      column.slice(1).forEach(({ y }, index) => {
        const above = column[index];
        expect(y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
      });
    }
    for (const { from, to, start, end } of layout.edges) {
      for (const [key, point] of [
        [from, start],
        [to, end],
      ] as const) {
        const box = boxes.get(key);
        expect(point.y).toBeGreaterThanOrEqual(box?.y ?? Infinity);
        expect(point.y).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
      }
    }
  });

  test('what is unlike and too much stays legible: the rest is one box that says how many', () => {
    const picture = {
      title: 'x',
      notes: [],
      nodes: Array.from({ length: 100 }, (_, index) => ({
        key: `client ${index}`,
        column: 'client' as const,
        name: `Client ${index}`,
        details: [],
        alarming: index === 99,
        members: [`Client ${index}`],
      })),
      edges: [],
    };
    const separate = {
      ...picture,
      nodes: [
        ...picture.nodes,
        ...picture.nodes.map((node, index) => ({ ...node, key: `product ${index}`, column: 'product' as const })),
      ],
      edges: picture.nodes.map(({ key }, index) => ({ from: key, to: `product ${index}`, count: 1 })),
    };
    const names = fold(separate)
      .nodes.filter(({ column }) => column === 'client')
      .map(({ name }) => name);
    expect(names).toHaveLength(MOST_ROWS);
    expect(names).toContain('Client 99');
    expect(names).toContain('61 other applications');
  });

  test('hardly any application is like another: a box for those of each owner, and the lines of the rest are faint', () => {
    const [owners, clients, products] = [60, 600, 90];
    const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
    const node = (column: PictureNode['column'], index: number): PictureNode => ({
      key: `${column} ${index}`,
      column,
      name: `${column} ${index}`,
      details: [],
      alarming: false,
      members: [`${column} ${index}`],
    });
    const picture: Picture = {
      title: 'x',
      notes: [],
      nodes: [
        ...numbers(owners).map((index) => node('owner', index)),
        ...numbers(clients + 7).map((index) => node('client', index)),
        ...numbers(products).map((index) => node('product', index)),
      ],
      edges: [
        ...numbers(clients).map((index) => ({ from: `owner ${index % owners}`, to: `client ${index}`, count: 1 })),
        ...numbers(clients + 7).flatMap((index) =>
          [1, 2, 3].map((step) => ({
            from: `client ${index}`,
            to: `product ${(index * 7 + step * step * index + step) % products}`,
            count: 1,
          })),
        ),
      ],
    };
    const folded = fold(picture);
    const names = (column: string): string[] =>
      folded.nodes.filter((each) => each.column === column).map(({ name }) => name);
    expect(names('owner')).toContain('22 other owners');
    expect([names('owner').length, names('client').length, names('product').length]).toEqual([39, 40, MOST_ROWS]);
    expect(new Set(names('client'))).toEqual(new Set(['10 applications', '220 applications', '7 applications']));
    expect(folded.edges.reduce((sum, { count }) => sum + count, 0)).toBe(picture.edges.length);
    const svg = svgFile(picture);
    const rest = folded.nodes.filter((each) => each.rest === true).map(({ key }) => key);
    const faint = [...svg.matchAll(/class="line rest"\s+data-from="([^"]*)"\s+data-to="([^"]*)"/g)];
    expect(faint).toHaveLength(folded.edges.filter(({ from, to }) => rest.includes(from) || rest.includes(to)).length);
    expect(svg).toContain('class="lines crowded"');
  });

  test('names that mean something elsewhere are text in SVG and Mermaid', () => {
    const nodes = hostileNames().map((name, index) => ({
      key: `client ${index}`,
      column: 'client' as const,
      name,
      details: [name],
      alarming: index % 2 === 0,
      members: [name],
    }));
    const picture = { title: hostileNames().join(' '), nodes, edges: [], notes: [] };
    expect(svgFile(picture)).not.toMatch(/<(script|img|foreignObject|iframe)/i);
    const graphs = [
      picture,
      pictureOf(teams()),
      pictureOf(declaredAccess(readStacks(synthesized(folder, { main: portfolio(600) })))),
    ];
    const { stdout } = spawnSync(process.execPath, [join(__dirname, 'formats', 'mermaid-check.mjs')], {
      input: JSON.stringify(graphs.map(mermaid)),
      encoding: 'utf8',
    });
    expect(stdout).toBe('[]');
  });
});

describe('the command', () => {
  test('the picture in README.md and docs/graph.md is what it draws of examples/multi-product.ts', async () => {
    const outdir = join(folder, 'multi-product');
    mkdirSync(outdir);
    const saved = { ...process.env };
    process.env.CDKTF_OUTDIR = outdir;
    delete process.env.ARM_SUBSCRIPTION_ID;
    try {
      jest.isolateModules(() => {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- it synthesizes when it is loaded
        require('../../examples/multi-product');
      });
    } finally {
      process.env = saved;
    }
    const { status, stdout } = await graph(outdir, '--format', 'svg');
    expect(status).toBe(0);
    // if not: npx tsx examples/multi-product.ts && npx tsx cli/src/main.ts graph --format svg=docs/images/access.svg
    expect(readFileSync(join(__dirname, '..', '..', 'docs', 'images', 'access.svg'), 'utf8')).toBe(stdout);
    for (const page of ['README.md', 'docs/graph.md']) {
      expect(readFileSync(join(__dirname, '..', '..', page), 'utf8')).toMatch(
        /!\[[^\]]+\]\((?:docs\/)?images\/access\.svg\)/,
      );
    }
  });

  beforeEach(() => {
    synthesized(folder, { main: portfolio(3) });
  });

  test('writes the formats that are asked for, whole', async () => {
    const [svg, html] = [join(folder, 'a.svg'), join(folder, 'a.html')];
    const { status, stdout, stderr } = await graph(
      folder,
      '--format',
      `svg=${svg}`,
      '--format',
      `html=${html}`,
      '--json',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    isAccess(JSON.parse(stdout));
    expect(isAccess.errors).toBeNull();
    expect(readFileSync(svg, 'utf8')).toMatch(
      /^<svg\b[\s\S]*<title id="access-title">Access that stack main declares<\/title>[\s\S]*<\/svg>\n$/,
    );
    expect(readFileSync(html, 'utf8')).toContain('1 owner, 3 applications, 2 products, 2 APIs; 5 grants.');
  });

  test('the schema refuses what is none, and takes what several stacks declare', () => {
    const access = teams();
    expect([isAccess(access), isAccess({ ...access, version: 2 }), isAccess({ ...access, secret: 1 })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('a folder of one stack will do, and SVG is what comes without a format', async () => {
    const { status, stdout } = await graph(join(folder, 'stacks', 'main'));
    expect([status, stdout.slice(0, 4)]).toEqual([0, '<svg']);
  });

  test('an empty program is an empty picture, and said so', async () => {
    synthesized(folder, { main: {} });
    expect(await graph(folder, '--format', 'mermaid')).toEqual({
      status: 0,
      stdout: 'flowchart LR\n',
      stderr: 'apim-oauth: FOLDER declares neither an application nor a product, so the picture is empty\n',
    });
  });

  test.each([
    [
      'no folder',
      ['FOLDER/none'],
      'FOLDER/none: there is no manifest.json in it; give the folder that cdktf synth writes, such as cdktf.out',
    ],
    [
      'a wrong format',
      ['FOLDER', '--format', 'pdf'],
      '--format pdf is not a format; give one of svg, mermaid, html, json',
    ],
    [
      'two to standard output',
      ['FOLDER', '--format', 'svg', '--json'],
      'the formats svg and json would both go to standard output; give all but one a file, as in --format json=FILE',
    ],
    ['an unknown option', ['FOLDER', '--nope'], "unknown option '--nope'; see apim-oauth graph --help"],
    [
      'two folders',
      ['FOLDER', 'FOLDER'],
      "too many arguments for 'graph'. Expected 1 argument but got 2.; see apim-oauth graph --help",
    ],
    [
      'a folder that is a file',
      ['FOLDER/manifest.json'],
      'FOLDER/manifest.json: there is no manifest.json in it; give the folder that cdktf synth writes, such as cdktf.out',
    ],
  ])('%s: one sentence', async (_what, args, sentence) => {
    const { status, stdout, stderr } = await graph(...args.map((arg) => arg.replace('FOLDER', folder)));
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `apim-oauth: ${sentence}\n` });
  });

  test.each([
    ['no JSON', '{', 'the JSON breaks off after 1 characters; make the file again'],
    ['no object', '[]', 'this is not a JSON object; run cdktf synth again'],
    ['no stacks', '{}', 'this is not a manifest of cdktf (no stacks); run cdktf synth again'],
    ['no stack', '{"stacks":{}}', 'it names no stack; the program declares none'],
    ['no path', '{"stacks":{"a":{}}}', 'stack a has no synthesizedStackPath; run cdktf synth again'],
  ])('a manifest with %s: one sentence, and no file is written', async (_what, content, sentence) => {
    writeFileSync(join(folder, 'manifest.json'), content);
    const { status, stderr } = await graph(folder, '--format', `svg=${join(folder, 'a.svg')}`);
    expect({ status, stderr }).toEqual({ status: 1, stderr: `apim-oauth: FOLDER/manifest.json: ${sentence}\n` });
    expect(() => readFileSync(join(folder, 'a.svg'))).toThrow();
  });
});
