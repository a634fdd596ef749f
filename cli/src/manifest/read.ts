import { readFileSync } from 'node:fs';
import type { Surroundings } from '../commands/command';
import { decode } from '../input/decode';
import { isObject, list, parseJson, property, type JsonObject } from '../input/json';
import { clean } from '../message';
import { UserError } from '../user-error';
import type { CredentialEntry, ManifestApplication, ManifestProduct } from './manifest';

const WRITE = 'write it with terraform output -json > FILE';
const VERSION = 1;

/** Reads manifests: what `terraform output -json` or `terraform output -json oauth_access` prints; `-` is standard input. */
export async function readManifests(
  files: readonly string[],
  surroundings: Surroundings,
): Promise<readonly ManifestApplication[]> {
  if (new Set(files).size < files.length) {
    throw new UserError(['--manifest: a file is given twice; give every manifest once']);
  }
  const found: ManifestApplication[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      const name = file === '-' ? 'standard input' : file;
      found.push(
        ...manifestsOf(await jsonOf(file, name, surroundings), name).flatMap((value) => applicationsOf(value, name)),
      );
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return found;
}

async function jsonOf(file: string, name: string, { stdin }: Surroundings): Promise<unknown> {
  const bytes = file === '-' ? await stdin?.() : bytesOf(file);
  if (bytes === undefined || bytes.toString('latin1').trim() === '') {
    throw new UserError([`${name}: it is empty; ${WRITE}`]);
  }
  return parseJson(decode(bytes, name), name, WRITE);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const problem =
      code === 'ENOENT'
        ? `there is no such file; ${WRITE}`
        : code === 'EISDIR'
          ? 'this is a folder; give a file'
          : `it cannot be read (${code ?? 'unknown'}); check its permissions`;
    throw new UserError([`${file}: ${problem}`]);
  }
}

/** The manifests in the outputs of a stack, by whichever name; or the one that the file itself is. */
function manifestsOf(value: unknown, file: string): readonly JsonObject[] {
  if (!isObject(value)) {
    throw new UserError([`${file}: this is JSON but not the output of terraform; ${WRITE}`]);
  }
  if (isManifest(value)) {
    return [checkedVersion(value, file)];
  }
  if ('format_version' in value || 'resource_changes' in value || 'lineage' in value) {
    throw new UserError([`${file}: this is a plan or a state, not the outputs of a stack; ${WRITE}`]);
  }
  const outputs = Object.entries(value).filter(([, output]) => isObject(output) && 'value' in output);
  if (outputs.length === 0) {
    throw new UserError([`${file}: no output is in it; declare an AccessManifest, apply the stack, then ${WRITE}`]);
  }
  const manifests = outputs.filter(([, output]) => isManifest(property(output, 'value')));
  if (manifests.length === 0) {
    throw new UserError([
      `${file}: none of the outputs ${outputs.map(([name]) => clean(name)).join(', ')} is an access manifest; declare an AccessManifest, apply the stack, then ${WRITE}`,
    ]);
  }
  const sensitive = manifests.find(([, output]) => property(output, 'sensitive') === true);
  if (sensitive !== undefined) {
    throw new UserError([
      `${file}: output ${clean(sensitive[0])} is sensitive, and a manifest is printed; declare it by AccessManifest, which contains no secret`,
    ]);
  }
  return manifests.map(([, output]) => checkedVersion(property(output, 'value') as JsonObject, file));
}

function isManifest(value: unknown): value is JsonObject {
  return isObject(value) && 'applications' in value && 'version' in value;
}

function checkedVersion(manifest: JsonObject, file: string): JsonObject {
  const { version } = manifest;
  if (version !== VERSION) {
    const told = typeof version === 'number' ? String(version) : 'no number';
    const remedy =
      typeof version === 'number' && version > VERSION
        ? 'use a newer version of apim-oauth'
        : 'apply the stack with the current version of cdktf-apim-oauth';
    throw new UserError([`${file}: the version of the manifest is ${told}, this tool reads ${VERSION}; ${remedy}`]);
  }
  return manifest;
}

function applicationsOf(manifest: JsonObject, file: string): readonly ManifestApplication[] {
  const { applications } = manifest;
  if (!isObject(applications) || Object.keys(applications).length === 0) {
    throw new UserError([`${file}: the manifest has no application; apply the stack, then ${WRITE}`]);
  }
  const problems: string[] = [];
  const read = Object.entries(applications).map(([name, value]) =>
    new Reader(`${file}: application ${clean(name)}`, value, problems).application(name, file),
  );
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return read;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const VAULT =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[a-zA-Z][\w-]{1,22}[a-zA-Z0-9]$/i;
const NAME = /^[0-9a-zA-Z-]{1,127}$/;
/** Where secrets and assertions may be sent: a manifest is no authority on that. */
const LOGIN_HOSTS = [
  'login.microsoftonline.com',
  'login.microsoft.com',
  'login.microsoftonline.us',
  'login.chinacloudapi.cn',
  'login.partner.microsoftonline.cn',
];
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Reads one object of a manifest, and notes everything that is wrong with it. */
class Reader {
  constructor(
    private readonly where: string,
    private readonly value: unknown,
    private readonly problems: string[],
  ) {}

  application(name: string, file: string): ManifestApplication {
    const credential = this.part('credential');
    const others = list(credential.value, 'others').map((other) => this.named('credential', other));
    const products = property(this.value, 'products');
    return {
      name,
      file,
      clientId: this.text('clientId', (text) => GUID.test(text), 'a GUID'),
      tenantId: this.text('tenantId', (text) => GUID.test(text), 'a GUID'),
      tokenEndpoint: this.text('tokenEndpoint', isTokenEndpoint, 'a token endpoint of Entra'),
      credentials: [credential, ...others].map((reader) => reader.credential()),
      products: (isObject(products) ? Object.entries(products) : []).map(([id, product]) =>
        this.named(`product ${clean(id)}`, product).product(id),
      ),
      ...this.declared(),
    };
  }

  private product(id: string): ManifestProduct {
    const accepts = property(this.value, 'acceptSubscriptionKey');
    return {
      id,
      scope: this.text('scope', (text) => /^\S{1,500}\/\.default$/.test(text), '<audience>/.default'),
      gatewayUrl: this.text('gatewayUrl', isGateway, 'an https address'),
      ...this.optional('path', (text) => /^\/[^\s\\#]*$/.test(text), 'a path that begins with /'),
      ...this.optional('authorization'),
      ...this.optional('appRoleValue'),
      ...(typeof accepts === 'boolean' ? { acceptsSubscriptionKey: accepts } : {}),
      ...this.declared(),
    };
  }

  private credential(): CredentialEntry {
    const audiences = property(this.value, 'audiences');
    return {
      kind: this.text('kind', (text) => /^\w{1,80}$/.test(text), 'a kind of credential'),
      ...this.optional('keyVaultId', (text) => VAULT.test(text), 'the resource id of a vault'),
      ...this.optional('secretName', (text) => NAME.test(text), 'the name of a secret'),
      ...this.optional('certificateName', (text) => NAME.test(text), 'the name of a certificate'),
      ...this.optional('version', (text) => /^[0-9a-f]{1,64}$/i.test(text), 'a version of Key Vault'),
      ...this.optional('issuer'),
      ...this.optional('subject'),
      ...(Array.isArray(audiences)
        ? { audiences: audiences.filter((audience): audience is string => typeof audience === 'string') }
        : {}),
    };
  }

  private declared(): { constructPath?: string; source?: string } {
    return { ...this.optional('constructPath'), ...this.optional('source') };
  }

  private part(name: string): Reader {
    return this.named(name, property(this.value, name));
  }

  private named(name: string, value: unknown): Reader {
    return new Reader(`${this.where}: ${name}`, value, this.problems);
  }

  private text(name: string, isValid: (text: string) => boolean, shape: string): string {
    const found = property(this.value, name);
    if (typeof found !== 'string' || !isValid(found)) {
      const what = found === undefined || found === null ? 'is missing' : `is not ${shape}`;
      this.problems.push(`${this.where}: ${name} ${what}; apply the stack, then ${WRITE}`);
      return '';
    }
    return found;
  }

  private optional<Name extends string>(
    name: Name,
    isValid: (text: string) => boolean = (text) => text !== '',
    shape = 'a text',
  ): Partial<Record<Name, string>> {
    const found = property(this.value, name);
    if (found === undefined || found === null) {
      return {};
    }
    const text = this.text(name, isValid, shape);
    return { [name]: text } as Partial<Record<Name, string>>;
  }
}

function isTokenEndpoint(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.search !== '') {
    return false;
  }
  return LOOPBACK.test(url.hostname) || (url.protocol === 'https:' && LOGIN_HOSTS.includes(url.host));
}

function isGateway(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && url.username === '' && (url.protocol === 'https:' || LOOPBACK.test(url.hostname));
}
