import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { run } from '../../cli/src/cli';
import { LANDSCAPES } from '../../cli/test/landscapes';
import { startLocalAzure, type LocalAzure } from '../../test/azure';
import { stacksIn, withoutVersions } from './terraform';

const BUILD = join(__dirname, '..', 'build');
// below this folder, where both frameworks are found
let folder: string;
let azure: LocalAzure;
let instanceId: string;
const saved = process.env;

beforeAll(async () => {
  folder = mkdtempSync(join(__dirname, 'adopted-'));
  azure = await startLocalAzure({ servicePrincipalLag: 0, graphLag: 0 });
  instanceId = await LANDSCAPES['several products and clients']!(azure);
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET } = azure.env;
  process.env = { ...saved, AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET };
});

afterAll(async () => {
  process.env = saved;
  rmSync(folder, { recursive: true, force: true });
  await azure.close();
});

/** Writes the program for a framework. */
async function adopt(framework: string): Promise<string> {
  const out = join(folder, framework);
  const args = ['adopt', '--instance-id', instanceId, '--out', out, '--stack', 'adopted', '--framework', framework];
  let stderr = '';
  const status = await run(args, {
    stdout: () => undefined,
    stderr: (text) => (stderr += text),
    environment: azure.env,
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return out;
}

/** Runs the program in this process. */
function synthesize(out: string): Record<string, any> {
  const outdir = join(out, 'cdktf.out');
  mkdirSync(outdir);
  process.env.CDKTF_OUTDIR = outdir;
  jest.isolateModules(() => void jest.requireActual(join(out, 'main.ts')));
  delete process.env.CDKTF_OUTDIR;
  return stacksIn(outdir, process.cwd());
}

/** What the compiler finds wrong with the program. */
function diagnosticsOf(out: string): string[] {
  const { config } = ts.readConfigFile(join(BUILD, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, BUILD, join(BUILD, 'tsconfig.json'));
  const program = ts.createProgram([join(out, 'main.ts')], options);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

test('an adopted program for cdktn declares the same as one for cdktf', async () => {
  const cdktf = synthesize(await adopt('cdktf'));
  const out = await adopt('cdktn');
  const cdktn = synthesize(out);

  expect(cdktf.adopted.import.length).toBeGreaterThan(10);
  expect(withoutVersions(cdktn.adopted)).toEqual(withoutVersions(cdktf.adopted));
  expect([cdktf, cdktn].map(({ adopted }) => adopted['//'].metadata.version)).toEqual(['0.21.0', '0.24.0']);
  expect(diagnosticsOf(out)).toEqual([]);
});
