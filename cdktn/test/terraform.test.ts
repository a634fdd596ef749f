import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stacksIn, withoutVersions } from './terraform';

const ROOT = join(__dirname, '../..');
const output = mkdtempSync(join(tmpdir(), 'apim-oauth-frameworks-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

const EXAMPLES = readdirSync(join(ROOT, 'examples'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

/** Runs an example of a package, and gives what was written for each of its stacks. */
async function stacksOf(root: string, example: string): Promise<Record<string, any>> {
  const { ARM_SUBSCRIPTION_ID: _, SANDBOX_OWNER: __, ...environment } = process.env;
  const before = process.env;
  const outdir = mkdtempSync(join(output, 'example-'));
  process.env = { ...environment, CDKTF_OUTDIR: outdir };
  const cwd = jest.spyOn(process, 'cwd').mockReturnValue(root);
  await import(join(root, 'examples', example));
  cwd.mockRestore();
  process.env = before;
  return stacksIn(outdir, root);
}

test.each(EXAMPLES)('%s is the same Terraform under both frameworks', async (example) => {
  const cdktf = await stacksOf(ROOT, example);
  const cdktn = await stacksOf(join(ROOT, 'cdktn/build'), example);

  expect(Object.keys(cdktf).length).toBeGreaterThan(0);
  expect(Object.keys(cdktn)).toEqual(Object.keys(cdktf));
  for (const [name, terraform] of Object.entries(cdktf)) {
    expect(withoutVersions(cdktn[name])).toEqual(withoutVersions(terraform));
    expect(terraform['//'].metadata.version).toBe('0.21.0');
    expect(cdktn[name]['//'].metadata.version).toBe('0.24.0');
  }
});
