/**
 * Records docs/images/verify.svg: the commands of the sandbox's first call, and what they print against the local Azure.
 *
 * Run: npx tsx scripts/record-terminal.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure } from '../test/azure';
import { pictureOf, type Shown } from './recording/picture';
import { SandboxSession } from './recording/session';

export const PICTURE = 'docs/images/verify.svg';
export const TITLE = 'A terminal: apim-oauth token, and apim-oauth verify before and after a grant is lost';

const APPLICATION = 'client';

/** Runs the commands on a sandbox that is applied, with its manifest in outputs.json. Takes a grant away. */
export async function recorded(session: SandboxSession): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  const show = async (line: string, remark = ''): Promise<void> => {
    const { stdout, stderr } = await session.apimOauth(line.split(' '));
    const printed = `${stdout}${stderr}`.trimEnd().split('\n');
    shown.push({ command: `${remark}apim-oauth ${line}`, lines: printed });
  };
  await show(`token --manifest outputs.json --application ${APPLICATION} --product starter`);
  await show('verify --manifest outputs.json');
  await loseGrant(session, 'unlimited');
  await show('verify --manifest outputs.json', '# somebody takes Unlimited away from the application in the portal\n');
  return shown;
}

async function loseGrant({ azure }: SandboxSession, product: string): Promise<void> {
  const link = azure.control
    .residue()
    .resources.find((id) => id.toLowerCase().endsWith(`/productlinks/${product}`.toLowerCase()));
  if (link === undefined) {
    throw new Error(`there is no link to ${product}`);
  }
  const { status } = await azure.request(
    'DELETE',
    `https://management.azure.com${link}?api-version=2024-10-01-preview`,
  );
  if (status >= 300) {
    throw new Error(`the link to ${product} could not be deleted: ${status}`);
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'apim-oauth-recording-'));
  const azure = await startLocalAzure();
  try {
    const session = await SandboxSession.synthesized(azure, folder, 'jane@contoso.com');
    session.apply();
    writeFileSync(join(folder, 'outputs.json'), session.output());
    writeFileSync(PICTURE, pictureOf(await recorded(session), TITLE));
    process.stdout.write(`Wrote ${PICTURE}.\n`);
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`record-terminal: ${(error as Error).message}\n`);
    process.exitCode = 1;
  });
}
