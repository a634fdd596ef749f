import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PICTURE, recorded, TITLE } from '../scripts/record-terminal';
import { pictureOf } from '../scripts/recording/picture';
import { SandboxSession } from '../scripts/recording/session';
import { LocalAzure, startLocalAzure } from './azure';
import { fencesOf } from './markdown';

const PAGE = 'docs/first-call.md';

/** The commands of the page in order, each with what the page says that the last one before it prints. */
function stepsOf(page: string): { commands: string[]; printed?: string }[] {
  const steps: { commands: string[]; printed?: string }[] = [];
  for (const { language, text } of fencesOf(page)) {
    if (language === 'sh') {
      steps.push({ commands: text.split('\n') });
    } else {
      steps.at(-1)!.printed = text;
    }
  }
  return steps;
}

/** What a page says that is printed: `…` stands for any text in a line, and alone for any lines. */
function shapeOf(printed: string): RegExp {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = printed.split('\n').map((line) => (line === '…' ? '[^]*?' : line.split('…').map(literal).join('.+')));
  return new RegExp(`^${lines.join(' *\\n')}\\s*$`);
}

let folder: string;
let azure: LocalAzure;
let session: SandboxSession | undefined;
const former = { ...process.env };
const exported: { [name: string]: string } = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-call-'));
  azure = await startLocalAzure();
});

afterAll(async () => {
  delete process.env.AZURE_TENANT_ID;
  delete process.env.AZURE_CLIENT_ID;
  delete process.env.AZURE_CLIENT_SECRET;
  Object.assign(process.env, former);
  await azure.close();
  rmSync(folder, { recursive: true, force: true });
});

const applied = (): SandboxSession => {
  if (session === undefined) {
    throw new Error('nothing is synthesized yet');
  }
  return session;
};

/** Runs a command of a shell with the local Azure's proxy; `az` reads a secret with the deployer's permissions. */
async function shell(script: string): Promise<string> {
  const [, vault, name] = /^az keyvault secret show --vault-name (\S+) --name (\S+) --query value --output tsv \|/.exec(
    script,
  )!;
  const { json } = await azure.request('GET', `https://${vault}.vault.azure.net/secrets/${name}?api-version=7.4`);
  const programs = join(folder, 'bin');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, 'az'), '#!/bin/sh\nprintf "%s\\n" "$SECRET_IN_VAULT"\n', { mode: 0o755 });
  if (spawnSync('jq', ['--version']).error !== undefined) {
    // the one filter that the command uses, on machines without jq
    writeFileSync(
      join(programs, 'jq'),
      `#!/bin/sh\n[ "$2" = '"Authorization: Bearer " + .access_token' ] || exit 3\nexec '${process.execPath}' -e 'process.stdout.write("Authorization: Bearer " + JSON.parse(fs.readFileSync(0)).access_token + "\\n")'\n`,
      { mode: 0o755 },
    );
  }
  // what the proxy answers is no part of what a user sees
  writeFileSync(join(programs, '.curlrc'), 'suppress-connect-headers\n');
  const { stdout } = await promisify(execFile)('sh', ['-c', script], {
    env: {
      ...process.env,
      ...azure.env,
      CURL_CA_BUNDLE: azure.caFile,
      CURL_HOME: programs,
      SECRET_IN_VAULT: json.value as string,
      PATH: `${programs}:${process.env.PATH}`,
    },
  });
  return stdout.replaceAll('\r\n', '\n');
}

/** How each command of the page is run here; one that is not among them fails the test. */
const RUN: readonly (readonly [RegExp, (...found: string[]) => Promise<string> | string])[] = [
  [
    /^export (\w+)=(\S+)$/,
    (name, value) => {
      exported[name] = value;
      return '';
    },
  ],
  [
    /^npm run synth$/,
    async () => {
      const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
      expect(scripts.synth).toMatch(/^tsx examples\/preview-sandbox\.ts && /);
      session = await SandboxSession.synthesized(azure, folder, exported.SANDBOX_OWNER);
      return '';
    },
  ],
  [
    /^cd cdktf\.out\/(\S+)$/,
    (stack) => {
      expect(existsSync(join(folder, 'out', stack, 'cdk.tf.json'))).toBe(true);
      return '';
    },
  ],
  [/^terraform (?:init|destroy)$/, () => ''],
  [
    /^terraform apply$/,
    () => {
      applied().apply();
      return '';
    },
  ],
  [
    /^terraform output -json > (\S+)$/,
    (file) => {
      writeFileSync(join(folder, file), applied().output());
      return '';
    },
  ],
  [
    /^apim-oauth ([^|]+?)( \| sh)?$/,
    async (given, piped) => {
      const { status, stdout, stderr } = await applied().apimOauth(given.split(' '));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return piped === undefined ? stdout : shell(stdout);
    },
  ],
];

test('each command of the page does what the page says', async () => {
  const ran: string[] = [];
  for (const { commands, printed } of stepsOf(PAGE)) {
    let last = '';
    for (const command of commands) {
      const [pattern, run] = RUN.find(([known]) => known.test(command)) ?? [];
      expect({ command, isKnown: run !== undefined }).toEqual({ command, isKnown: true });
      last = await run!(...pattern!.exec(command)!.slice(1));
      ran.push(command);
    }
    if (printed !== undefined) {
      expect(last).toMatch(shapeOf(printed));
    }
  }
  expect(ran.filter((command) => /^apim-oauth (token|verify) /.test(command))).toHaveLength(3);
  expect(Object.keys(exported)).toEqual(['SANDBOX_OWNER', 'ARM_SUBSCRIPTION_ID']);
  expect(azure.cloud.notUnderstood).toEqual([]);
});

test('the picture shows what the commands print now; npx tsx scripts/record-terminal.ts makes it again', async () => {
  const shown = await recorded(applied());
  expect(readFileSync(PICTURE, 'utf8')).toBe(pictureOf(shown, TITLE));
  const text = shown.flatMap(({ lines }) => lines).join('\n');
  expect(text).toContain('8 passed, 0 failed, 2 skipped');
  expect(text).toContain('the token has no role: the role assignment is missing');
});

test('the picture is safe to publish: no script, no address to load from, no id, no token', () => {
  const picture = readFileSync(PICTURE, 'utf8');
  expect(picture).not.toMatch(/<script|href|url\(|@import|eyJ/);
  expect(new Set(picture.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))).toEqual(
    new Set(['00000000-0000-0000-0000-000000000000']),
  );
  expect(readFileSync('README.md', 'utf8')).toContain(`](${PICTURE})`);
});
