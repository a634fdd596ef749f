import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { startLocalAzure, SUBSCRIPTION_ID, type LocalAzure } from '../../test/azure';
import { run } from '../src/cli';
import { LANDSCAPES } from './landscapes';
import { reviewOfFiles } from './support';

const execute = promisify(execFile);
const root = join(__dirname, '..', '..');
// inside of the project, whose compiler and linter look at the programs
let folder: string;
const azures: LocalAzure[] = [];
const adopted = new Map<string, Adopted>();

interface Adopted {
  readonly azure: LocalAzure;
  readonly out: string;
  readonly stderr: string;
  readonly status: number;
  /** The stack that was synthesized. */
  readonly stack: string;
}

async function adopt(
  azure: LocalAzure,
  ...args: string[]
): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ['', ''];
  const status = await run(['adopt', ...args], {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    environment: azure.env,
  });
  return { status, stdout, stderr: stderr.replaceAll(folder, 'FOLDER') };
}

/** Runs the written program in this process. */
function synthesize(main: string, outdir: string): void {
  mkdirSync(outdir, { recursive: true });
  process.env.CDKTF_OUTDIR = outdir;
  try {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program that was just written
      require(main);
    });
  } finally {
    delete process.env.CDKTF_OUTDIR;
  }
}

const safe = (name: string): string => name.replaceAll(/\W+/g, '-');

beforeAll(async () => {
  folder = mkdtempSync(join(__dirname, 'adopted-'));
  const savedEnvironment = { ...process.env };
  for (const [name, build] of Object.entries(LANDSCAPES)) {
    const azure = await startLocalAzure({ servicePrincipalLag: 0, graphLag: 0 });
    azures.push(azure);
    Object.assign(process.env, {
      AZURE_TENANT_ID: azure.env.AZURE_TENANT_ID,
      AZURE_CLIENT_ID: azure.env.AZURE_CLIENT_ID,
      AZURE_CLIENT_SECRET: azure.env.AZURE_CLIENT_SECRET,
    });
    const instanceId = await build(azure);
    const out = join(folder, safe(name));
    const more = name === 'an instance with its role' ? ['--manage-instance'] : [];
    const { status, stderr } = await adopt(
      azure,
      '--instance-id',
      instanceId,
      '--out',
      out,
      '--stack',
      'adopted',
      ...more,
    );
    const outdir = join(folder, `${safe(name)}-out`);
    if (status === 0) {
      synthesize(join(out, 'main.ts'), outdir);
    }
    adopted.set(name, { azure, out, stderr, status, stack: join(outdir, 'stacks', 'adopted') });
  }
  process.env = savedEnvironment;
}, 240_000);
afterAll(async () => {
  for (const azure of azures) {
    await azure.close();
    expect(azure.cloud.notUnderstood).toEqual([]);
  }
  rmSync(folder, { recursive: true, force: true });
});

const names = Object.keys(LANDSCAPES);

test.each(names)('%s: the program is what a person would have written', (name) => {
  const { out, status, stderr } = adopted.get(name)!;
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const text = (file: string): string => readFileSync(join(out, file), 'utf8');
  expect(
    text('main.ts')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'GUID')
      .replaceAll(/appRoleAssignedTo\/[\w-]+/g, 'appRoleAssignedTo/ID'),
  ).toMatchSnapshot();
  expect(
    stderr
      .split('\n')
      .filter((line) => line.includes('not adopted'))
      .map((line) =>
        line
          .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'GUID')
          // that of the administrator, which API Management makes
          .replace(/subscription [\w-]{12}: /, 'subscription ID: '),
      ),
  ).toMatchSnapshot();
});

describe('the command', () => {
  const first = (): Adopted & { id: string } => {
    const program = adopted.get('several products and clients')!;
    return {
      ...program,
      id: `${azureId}/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso-apim`,
    };
  };
  const azureId = '/subscriptions/22222222-2222-4222-8222-222222222222';
  const signedIn = async <T>(azure: LocalAzure, action: () => Promise<T>): Promise<T> => {
    const saved = { ...process.env };
    const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
    Object.assign(process.env, { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET });
    try {
      return await action();
    } finally {
      process.env = saved;
    }
  };

  test.each(['owner', 'product'])('--stack-per %s: stacks that can each be planned alone', async (per) => {
    const { azure, id } = first();
    const out = join(folder, `per-${per}`);
    const { status, stdout } = await signedIn(azure, () =>
      adopt(azure, '--instance-id', id, '--out', out, '--stack', 'team', '--stack-per', per, '--json'),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, products: expect.arrayContaining(['gold']), grants: 15 });
    const outdir = join(folder, `per-${per}-out`);
    synthesize(join(out, 'main.ts'), outdir);
    const stacks = readdirSync(join(outdir, 'stacks')).sort();
    expect(stacks).toEqual(
      per === 'owner'
        ? ['team', 'team-ada', 'team-entra', 'team-grace']
        : [
            ...['gold', 'region-1', 'region-2', 'region-3', 'region-4', 'region-5', 'region-6', 'shared'].map(
              (name) => `team-${name}`,
            ),
          ],
    );
    const texts = stacks.map((stack) => readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
    expect(texts.filter((text) => text.includes('terraform_remote_state'))).toEqual([]);
    const imports = texts.flatMap((text) => (JSON.parse(text) as { import?: { id: string }[] }).import ?? []);
    const whole = JSON.parse(readFileSync(join(first().stack, 'cdk.tf.json'), 'utf8')) as { import: { id: string }[] };
    // a product that is only read is known in every plan: nothing is remembered of it
    const ids = (all: readonly { id: string }[]): string[] =>
      all.flatMap(({ id: imported }) => (imported.startsWith('/') ? imported : [])).sort();
    expect(ids(imports)).toEqual(ids(whole.import));
  });

  test.each([
    ['cdktf', 'package.json', undefined],
    ['cdktn', join('cdktn', 'package.json'), { '@cdktn/provider-azurerm': { cdktn: '^0.24.0' } }],
  ])(
    '--framework %s: the same program with the imports and packages of that framework',
    async (name, of, overrides) => {
      const { azure, id, out: byDefault } = first();
      const out = join(folder, `for-${name}`);
      const given = ['--instance-id', id, '--out', out, '--stack', 'adopted', '--framework', name];
      expect(await signedIn(azure, () => adopt(azure, ...given))).toMatchObject({ status: 0 });
      const read = (place: string, file: string): string => readFileSync(join(place, file), 'utf8');
      expect(read(out, 'main.ts')).toBe(read(byDefault, 'main.ts').replaceAll("from 'cdktf", `from '${name}`));
      const ofFramework = ['main.ts', 'package.json'];
      for (const file of readdirSync(byDefault).filter((file) => !ofFramework.includes(file))) {
        expect([file, read(out, file)]).toEqual([file, read(byDefault, file)]);
      }
      const project = JSON.parse(read(out, 'package.json')) as Record<string, Record<string, string>>;
      const library = JSON.parse(read(root, of)) as Record<string, Record<string, string>>;
      expect(project.overrides).toEqual(overrides);
      expect(project.dependencies).toEqual({
        ...library.peerDependencies,
        [`${name}-apim-oauth`]: '^0.1.0',
        constructs: library.devDependencies?.constructs,
      });
    },
  );

  test('each command of docs/adopt.md that is not npm’s or Terraform’s does what the page says', async () => {
    const { azure, id } = first();
    const page = readFileSync(join(root, 'docs', 'adopt.md'), 'utf8');
    const commands = [...page.matchAll(/^ *(apim-oauth .*)$/gm)].map(([, command = '']) => command);
    expect(commands.map((command) => command.split(' ')[1])).toEqual(['inventory', 'adopt', 'review']);
    for (const command of commands.slice(0, 2)) {
      const [, ...args] = command
        .replace('"$INSTANCE"', id)
        .replace('--out adopted', `--out ${join(folder, 'walk')}`)
        .split(' ');
      const status = await signedIn(azure, () =>
        run(args, { stdout: () => undefined, stderr: () => undefined, environment: azure.env }),
      );
      expect([command, status]).toEqual([command, 0]);
    }
    expect(readdirSync(join(folder, 'walk')).sort()).toEqual([
      'cdktf.json',
      'existing.tfquery.hcl',
      'main.ts',
      'not-adopted.md',
      'package.json',
      'tsconfig.json',
    ]);
    const query = readFileSync(join(folder, 'walk', 'existing.tfquery.hcl'), 'utf8');
    expect(query).toMatch(
      /list "azapi_resource" "products" \{\n {2}provider = azapi\n {2}limit {4}= 50000\n\n {2}config \{\n {4}type {6}= "Microsoft.ApiManagement\/service\/products@/,
    );
    // what azapi's list resource takes
    expect(new Set([...query.matchAll(/^ {4}(\w+) *= /gm)].map(([, name]) => name))).toEqual(
      new Set(['type', 'parent_id']),
    );
  });

  test('a folder that is not empty is refused before anything is read, and stays as it is', async () => {
    const { azure, id } = first();
    const before = azure.requests.length;
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'mine.txt'), 'x');
    expect(await adopt(azure, '--instance-id', id, '--out', full)).toEqual({
      status: 1,
      stdout: '',
      stderr: 'apim-oauth: --out FOLDER/full is not empty; give a folder that does not exist or is empty\n',
    });
    expect(await adopt(azure, '--instance-id', id, '--out', join(full, 'mine.txt'))).toMatchObject({
      stderr: 'apim-oauth: --out FOLDER/full/mine.txt is a file; give a folder that does not exist or is empty\n',
    });
    expect([readdirSync(full), azure.requests.length]).toEqual([['mine.txt'], before]);
  });

  test.each([
    ['no folder', [], '--out is missing; give a folder that does not exist or is empty'],
    [
      'no name',
      ['--out', 'x', '--stack', '1'],
      '--stack is not a name of a stack; give letters, digits, dashes and underscores, a letter first',
    ],
    [
      'no split',
      ['--out', 'x', '--stack-per', 'team'],
      '--stack-per team is not a way to split; give owner or product',
    ],
    [
      'no framework',
      ['--out', 'x', '--framework', 'pulumi'],
      '--framework pulumi is not a framework; give cdktf or cdktn',
    ],
    [
      'an instance in several stacks',
      ['--out', 'x', '--stack-per', 'owner', '--manage-instance'],
      '--manage-instance needs one stack, which then has the instance; leave out --stack-per',
    ],
  ])('%s: one sentence', async (_what, args, sentence) => {
    const { azure, id } = first();
    expect(await adopt(azure, '--instance-id', id, ...args)).toEqual({
      status: 1,
      stdout: '',
      stderr: `apim-oauth: ${sentence}\n`,
    });
  });

  test.each([
    ['APIs of products', '/apis$', 'its APIs were not read', 'it has no API'],
    ['products', '/products$', 'product gold was not read', 'does not exist'],
    [
      'product links of client applications',
      '/productLinks$',
      'its links to products were not read',
      'is linked to no product',
    ],
    [
      'client applications',
      '/clientApplications$',
      'client applications of API Management, which were not read',
      'somebody else owns',
    ],
  ])('%s that the login may not read: nothing is said that is not known', async (part, path, told, claimed) => {
    const { azure, id } = first();
    azure.control.fault({ service: 'arm', path, times: 0, kind: 'status', status: 403 });
    const out = join(folder, `without-${safe(part)}`);
    const { status, stderr } = await signedIn(azure, () => adopt(azure, '--instance-id', id, '--out', out));
    azure.control.clearFaults();
    expect(status).toBe(0);
    expect(stderr).toContain(
      `apim-oauth: not adopted: ${part}: not read; it needs the role API Management Service Reader`,
    );
    expect(stderr).toContain(told);
    expect(stderr).not.toContain(claimed);
  });

  test('a folder below what takes none is a sentence', async () => {
    const { azure, id } = first();
    const out = join(folder, 'file', 'below', 'it');
    writeFileSync(join(folder, 'file'), 'x');
    const { status, stderr } = await signedIn(azure, () => adopt(azure, '--instance-id', id, '--out', out));
    expect([status, stderr.split('\n').at(-2)]).toEqual([
      1,
      'apim-oauth: --out FOLDER/file/below/it is a file; give a folder that does not exist or is empty',
    ]);
  });

  test('policies that the login may not read are listed, and the rest is adopted', async () => {
    const { azure, id } = first();
    azure.control.fault({ service: 'arm', path: 'policies/policy', times: 0, kind: 'status', status: 403 });
    const out = join(folder, 'without-policies');
    const { status, stderr } = await signedIn(azure, () => adopt(azure, '--instance-id', id, '--out', out));
    azure.control.clearFaults();
    const line =
      'not adopted: policies of products: not read; it needs the role API Management Service Reader or Reader on the instance';
    expect([status, stderr.split('\n').filter((each) => each.includes('policies'))]).toEqual([
      0,
      [`apim-oauth: ${line}`],
    ]);
    expect(readFileSync(join(out, 'main.ts'), 'utf8')).toContain('new OAuthProduct');
  });

  test('a reading that breaks off writes nothing', async () => {
    const { azure, id } = first();
    azure.control.fault({ service: 'arm', path: 'clientApplications', times: 0, kind: 'status', status: 400 });
    const out = join(folder, 'broken');
    const { status } = await signedIn(azure, () => adopt(azure, '--instance-id', id, '--out', out));
    azure.control.clearFaults();
    expect([status, existsSync(out)]).toEqual([1, false]);
  });
});

test('the programs compile under strict, pass the linter and the formatter', async () => {
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: '../../../tsconfig.json',
      compilerOptions: { paths: { 'cdktf-apim-oauth': ['../../../lib/index.ts'] } },
      include: ['*/main.ts'],
      // its framework is not installed here; cdktn/test compiles it
      exclude: ['for-cdktn'],
    }),
  );
  const tool = (bin: string, ...args: string[]): Promise<unknown> =>
    execute(join(root, 'node_modules', '.bin', bin), args, { cwd: root }).catch((error: unknown) => {
      throw new Error(String((error as { stdout?: string }).stdout));
    });
  await Promise.all([
    tool('tsc', '--noEmit', '-p', join(folder, 'tsconfig.json')),
    tool(
      'eslint',
      '--max-warnings',
      '0',
      '--parser-options',
      `project:${join(folder, 'tsconfig.json')}`,
      ...names.flatMap((name) =>
        ['main.ts', 'policies.ts'].map((file) => join(adopted.get(name)!.out, file)).filter(existsSync),
      ),
    ),
    tool('prettier', '--check', '--ignore-path', '/dev/null', ...names.map((name) => adopted.get(name)!.out)),
  ]);
}, 240_000);

/** Addresses that a stack refers to, or imports to, and does not declare. */
function undeclared(terraform: Readonly<Record<string, unknown>>): string[] {
  const declared = new Set(
    (['resource', 'data'] as const).flatMap((kind) =>
      Object.entries((terraform[kind] ?? {}) as Record<string, object>).flatMap(([type, blocks]) =>
        Object.keys(blocks).map((name) => `${kind === 'data' ? 'data.' : ''}${type}.${name}`),
      ),
    ),
  );
  const texts = JSON.stringify([terraform.resource, terraform.data, terraform.output, terraform.import]);
  const used = texts.match(/\b(?:data\.)?(?:azapi|azuread|azurerm)_[a-z_]+\.[A-Za-z][\w-]*/g) ?? [];
  return [...new Set(used)].filter((address) => !declared.has(address));
}

test('what they synthesize refers to nothing that it does not declare', () => {
  for (const { stack } of adopted.values()) {
    const text = readFileSync(join(stack, 'cdk.tf.json'), 'utf8');
    const terraform = JSON.parse(text) as { import: unknown[]; resource: Record<string, object> };
    expect(undeclared(terraform)).toEqual([]);
    expect(terraform.import.length).toBeGreaterThan(0);
    const resources = Object.values(terraform.resource).flatMap((blocks) => Object.keys(blocks));
    expect(resources.filter((name) => !/^[A-Za-z_][\w-]*$/.test(name))).toEqual([]);
    expect(undeclared({ ...terraform, resource: {} })).not.toEqual([]);
  }
});

describe('with Terraform and the real providers', () => {
  /** How to run Terraform in a stack, which is initialized. */
  async function terraformIn({
    azure,
    stack,
  }: Adopted): Promise<{ cwd: string; env: NodeJS.ProcessEnv; maxBuffer: number }> {
    ownState(stack);
    const options = { cwd: stack, env: { ...process.env, ...azure.env }, maxBuffer: 64 * 1024 * 1024 };
    // other hosts than this Azure's are refused by it: nothing is downloaded
    await execute('terraform', ['init', '-input=false', '-no-color'], options);
    return options;
  }

  async function planOf(options: { cwd: string; env: NodeJS.ProcessEnv }, ...more: string[]): Promise<string> {
    await execute('terraform', ['plan', '-input=false', '-no-color', '-out=tfplan', ...more], options);
    const { stdout } = await execute('terraform', ['show', '-json', 'tfplan'], options);
    return stdout;
  }

  interface Change {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[]; readonly importing?: unknown };
  }

  function changesIn(json: string): readonly Change[] {
    const { resource_changes: changes = [] } = JSON.parse(json) as { resource_changes?: Change[] };
    return changes.filter(({ mode }) => mode === 'managed');
  }

  /** The program as somebody cleans it up who takes the imports for done. */
  function withoutImports(name: string, { out }: Adopted): string {
    const main = readFileSync(join(out, 'main.ts'), 'utf8');
    const kept = /Keep the next line: [^\n]*\n/;
    const cleaned = main
      .split(kept)
      .map((part, index) => {
        const [first, ...rest] = index === 0 ? ['', part] : part.split(/(?<=;\n)/);
        return `${first ?? ''}${rest.join('').replaceAll(/^ *\w+\.import(?:From|Grant)\((?:[^()]|\([^()]*\))*\);\n/gm, '')}`;
      })
      .join('Keep the next line.\n');
    expect(cleaned.match(/\.import(?:From|Grant)\(/g) ?? []).toHaveLength(main.split(kept).length - 1);
    const file = join(out, 'cleaned.ts');
    writeFileSync(file, cleaned);
    const outdir = join(folder, `${safe(name)}-cleaned`);
    synthesize(file, outdir);
    return join(outdir, 'stacks', 'adopted');
  }

  /** cdktf keeps the state beside the program that synthesizes. */
  function ownState(stack: string): string {
    const file = join(stack, 'cdk.tf.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as { terraform: { backend?: unknown } };
    delete json.terraform.backend;
    writeFileSync(file, JSON.stringify(json));
    return file;
  }

  /** Six plans take longer than all other tests of the tools: they are made where `E2E=1` asks for them. */
  const onRequest = (name: string, run: () => Promise<void>, timeout: number): void => {
    if (process.env.E2E === undefined) {
      process.stderr.write(`not run: ${name}: set E2E=1\n`);
    } else {
      test(name, run, timeout);
    }
  };

  test('there are at least six landscapes to plan', () => {
    expect(adopted.size).toBeGreaterThanOrEqual(6);
  });

  onRequest(
    'docs/adopt.md: its commands, as printed and in their order, lead from the portal to an applied program',
    async () => {
      const { azure } = adopted.get('several products and clients')!;
      const place = join(folder, 'page');
      const programs = join(place, 'programs');
      mkdirSync(programs, { recursive: true });
      const tsx = join(root, 'node_modules', '.bin', 'tsx');
      const program = (name: string, text: string): void => {
        writeFileSync(join(programs, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      };
      program('apim-oauth', `exec ${tsx} ${join(root, 'cli', 'src', 'main.ts')} "$@"`);
      // this library is in no registry: what is installed here is what the project itself has
      program(
        'npm',
        `case "$*" in
  install) ln -s ${join(root, 'node_modules')} node_modules ;;
  'run synth') mkdir -p cdktf.out && CDKTF_OUTDIR=cdktf.out TSX_TSCONFIG_PATH=${join(root, 'tsconfig.json')} ${tsx} main.ts ;;
  *) exit 9 ;;
esac`,
      );
      const page = readFileSync(join(root, 'docs', 'adopt.md'), 'utf8');
      const commands = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, text = '']) => text.trim());
      expect(commands.map((command) => command.split(' ').slice(0, 2).join(' '))).toEqual([
        'apim-oauth inventory',
        'apim-oauth adopt',
        'cd adopted',
        'cd cdktf.out/stacks/adopted',
        'apim-oauth review',
        'terraform apply',
      ]);
      const { stdout } = await execute('sh', ['-ec', commands.join('\n')], {
        cwd: place,
        env: {
          ...process.env,
          ...azure.env,
          PATH: `${programs}:${process.env.PATH ?? ''}`,
          INSTANCE: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/contoso/providers/Microsoft.ApiManagement/service/contoso-apim`,
        },
        maxBuffer: 64 * 1024 * 1024,
      });
      const told = stripVTControlCharacters(stdout);
      expect(told).toMatch(/Plan: \d+ to import, 0 to add, 0 to change, 0 to destroy\./);
      expect(told).toMatch(/NEUTRAL/);
      expect(told).toMatch(/Apply complete! Resources: \d+ imported, 0 added, 0 changed, 0 destroyed\./);
      const formatted = await execute('sh', ['-ec', 'terraform fmt - < existing.tfquery.hcl'], {
        cwd: join(place, 'adopted'),
      });
      expect(formatted.stdout).toBe(readFileSync(join(place, 'adopted', 'existing.tfquery.hcl'), 'utf8'));
    },
    1_200_000,
  );

  onRequest(
    'the first plan imports everything, adds, changes and destroys nothing, and is reviewed as NEUTRAL; imports can be removed',
    async () => {
      const runs = await Promise.all(
        [...adopted].map(async ([name, program]) => ({ name, program, terraform: await terraformIn(program) })),
      );
      for (const { name, terraform } of runs) {
        const json = await planOf(terraform);
        const managed = changesIn(json);
        expect([
          name,
          managed
            .filter(({ change }) => change.actions.join() !== 'no-op')
            .map(({ address, change }) => `${address} ${change.actions.join()}`),
        ]).toEqual([name, []]);
        expect([
          name,
          managed.filter(({ change }) => change.importing === undefined).map(({ address }) => address),
        ]).toEqual([name, []]);
        expect(managed.length).toBeGreaterThan(0);
        const file = join(folder, `${safe(name)}.json`);
        writeFileSync(file, json);
        expect([name, reviewOfFiles(file).verdict]).toMatchObject([name, { label: 'NEUTRAL' }]);
      }
      await Promise.all(
        runs.map(async ({ name, program, terraform }) => {
          await execute('terraform', ['apply', '-input=false', '-no-color', 'tfplan'], terraform);
          writeFileSync(join(program.stack, 'cdk.tf.json'), readFileSync(ownState(withoutImports(name, program))));
          const managed = changesIn(await planOf(terraform));
          // arguments that Azure does not know come into the state, and what activates a role, which nothing can import
          const others = managed.filter(
            ({ address, change }) =>
              !['no-op', 'update'].includes(change.actions.join()) &&
              !(address.startsWith('azuread_directory_role.') && change.actions.join() === 'create'),
          );
          expect([name, others.map(({ address, change }) => `${address} ${change.actions.join()}`)]).toEqual([
            name,
            [],
          ]);
          await execute('terraform', ['apply', '-input=false', '-no-color', 'tfplan'], terraform);
          const last = changesIn(await planOf(terraform)).filter(({ change }) => change.actions.join() !== 'no-op');
          expect([name, last.map(({ address }) => address)]).toEqual([name, []]);
        }),
      );
      // a product that is made again has its clients assigned again, and no other
      const several = runs.find(({ name }) => name === 'several products and clients');
      if (several !== undefined) {
        const replaced = changesIn(await planOf(several.terraform, '-replace=azapi_resource.gold'))
          .filter(({ change }) => change.actions.includes('delete'))
          .map(({ address }) => address);
        expect(replaced.filter((address) => address.startsWith('azuread_app_role_assignment'))).toEqual([
          expect.stringMatching(/\["gold"\]$/),
        ]);
      }
    },
    1_200_000,
  );
});
