import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What a stack may use, and the Terraform that has it; https://github.com/hashicorp/terraform/releases tells. */
const FEATURES: readonly (readonly [string, number, RegExp])[] = [
  ['precondition, postcondition, replace_triggered_by', 2, /"(?:precondition|postcondition|replace_triggered_by)":/],
  ['startswith, endswith', 3, /\b(?:startswith|endswith)\(/],
  ['terraform_data', 4, /"terraform_data":/],
  ['check, import, plantimestamp, strcontains', 5, /"(?:check|import)":|\b(?:plantimestamp|strcontains)\(/],
  ['ephemeral blocks, terraform.applying', 10, /"ephemeral":|\bterraform\.applying\b/],
  ['write-only arguments', 11, /"\w+_wo":/],
];
/** What cdktf itself needs. */
const LEAST = 2;

const folder = mkdtempSync(join(tmpdir(), 'needed-version-'));
const stacks = new Map<string, string>();

beforeAll(async () => {
  const { ARM_SUBSCRIPTION_ID: _, SANDBOX_OWNER: __, ...environment } = process.env;
  const before = process.env;
  for (const example of readdirSync('examples').filter((file) => file.endsWith('.ts'))) {
    const output = join(folder, basename(example, '.ts'));
    process.env = { ...environment, CDKTF_OUTDIR: output };
    await import(`../../examples/${basename(example, '.ts')}`);
    for (const stack of readdirSync(join(output, 'stacks'))) {
      stacks.set(stack, readFileSync(join(output, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
    }
  }
  process.env = before;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function declared(terraform: string): number {
  const { terraform: settings } = JSON.parse(terraform) as { terraform: { required_version?: string } };
  return Number(/^>= 1\.(\d+)$/.exec(settings.required_version ?? '>= 1.2')?.[1]);
}

test('every stack of the examples demands the Terraform that has what it uses', () => {
  expect(stacks.size).toBeGreaterThan(6);
  const short = [...stacks].flatMap(([stack, terraform]) =>
    FEATURES.filter(([, minor, use]) => use.test(terraform) && minor > declared(terraform)).map(
      ([feature, minor]) => `${stack}: ${feature} needs 1.${minor}, required_version is 1.${declared(terraform)}`,
    ),
  );
  expect(short).toEqual([]);
});

test('and no newer one than it uses', () => {
  const long = [...stacks].flatMap(([stack, terraform]) => {
    const needed = Math.max(LEAST, ...FEATURES.filter(([, , use]) => use.test(terraform)).map(([, minor]) => minor));
    return declared(terraform) > needed + (needed === 10 ? 1 : 0)
      ? [`${stack}: 1.${declared(terraform)} instead of 1.${needed}`]
      : [];
  });
  expect(long).toEqual([]);
});

test('every feature is used by an example, so that the test sees it', () => {
  const unused = FEATURES.filter(([, , use]) => ![...stacks.values()].some((terraform) => use.test(terraform)));
  expect(unused.map(([feature]) => feature)).toEqual([]);
});
