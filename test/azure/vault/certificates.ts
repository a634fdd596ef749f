import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { newCertificate, pfx, pkcs8, readPfx, thumbprint } from '../certificates';
import { Cloud } from '../cloud';
import { answer, Answer, AzureError } from '../http';
import { randomHex } from '../identifiers';
import { copy, JsonObject } from '../json';
import { addSecret } from './secrets';
import { Permission, vaultAttributes, vaultPage, VaultRequest } from './vault';
import { CertificateVersion, DeletedEntry, VaultContent } from './vaults';

const permission = (policy: string, dataAction: string): Permission => ['certificates', policy, dataAction];
const GET = permission('get', 'read');
const LIST = permission('list', 'read');
const CREATE = permission('create', 'create/action');
const IMPORT = permission('import', 'import/action');
const UPDATE = permission('update', 'update/action');
const DELETE = permission('delete', 'delete');
const RECOVER = permission('recover', 'recover/action');
const PURGE = permission('purge', 'purge/action');

export const PKCS12 = 'application/x-pkcs12';
const PEM = 'application/x-pem-file';

const DEFAULT_POLICY: JsonObject = {
  key_props: { exportable: true, kty: 'RSA', key_size: 2048, reuse_key: false },
  secret_props: { contentType: PKCS12 },
  x509_props: {
    subject: 'CN=CLIGetDefaultPolicy',
    ekus: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
    key_usage: ['digitalSignature', 'keyEncipherment'],
    validity_months: 12,
  },
  lifetime_actions: [{ trigger: { lifetime_percentage: 80 }, action: { action_type: 'AutoRenew' } }],
  issuer: { name: 'Self' },
};

export function certificates(request: VaultRequest): Answer {
  const { call, content, name, rest } = request;
  if (name === undefined) {
    request.demand(LIST);
    return vaultPage(
      request,
      [...content.certificates.values()].map((versions) => summaryOf(request, versions.at(-1)!, false)),
    );
  }
  if (name === 'contacts' || name === 'issuers') {
    throw new AzureError(404, 'ContactsNotFound', 'Contacts not found');
  }
  const action = `${call.method} ${rest[0] ?? ''}`.trim();
  switch (action) {
    case 'POST create':
      return create(request, name);
    case 'POST import':
      return importCertificate(request, name);
    case 'GET pending':
    case 'PATCH pending':
      return pending(request, name);
    case 'DELETE pending':
      content.operations.delete(name.toLowerCase());
      return answer(200, { id: `${request.base}/certificates/${name}/pending`, status: 'cancelled' });
    case 'GET policy':
      request.demand(GET);
      return answer(200, policyOf(request, demandFound(request).at(-1)!));
    case 'PATCH policy': {
      request.demand(UPDATE);
      const current = demandFound(request).at(-1)!;
      current.policy = { ...current.policy, ...copy(call.json) };
      return answer(200, policyOf(request, current));
    }
    case 'GET versions':
      request.demand(LIST);
      return vaultPage(
        request,
        demandFound(request).map((version) => summaryOf(request, version)),
      );
    case 'DELETE':
      return remove(request, name);
    default:
      return one(request);
  }
}

function one(request: VaultRequest): Answer {
  const { call, cloud } = request;
  request.demand(call.method === 'PATCH' ? UPDATE : GET);
  const version = versionOf(request, demandFound(request));
  if (call.method === 'PATCH') {
    const { attributes, tags, policy } = call.json;
    version.attributes = {
      ...version.attributes,
      ...(attributes as JsonObject | undefined),
      updated: cloud.clock.seconds(),
    };
    version.tags = (tags as JsonObject | undefined) ?? version.tags;
    version.policy = { ...version.policy, ...(policy as JsonObject | undefined) };
  }
  return answer(200, bodyOf(request, version));
}

function create(request: VaultRequest, name: string): Answer {
  const { cloud, call, content } = request;
  request.demand(CREATE);
  demandNotDeleted(content, name);
  const policy = { ...DEFAULT_POLICY, ...copy((call.json.policy ?? {}) as JsonObject) };
  const { issuer, key_props: key } = policy as { issuer?: { name?: string }; key_props?: JsonObject };
  if (issuer?.name !== undefined && issuer.name !== 'Self') {
    throw new AzureError(
      400,
      'BadParameter',
      `Certificate issuer '${issuer.name}' is not supported: this vault signs by itself only.`,
    );
  }
  if (key?.kty !== undefined && !/^RSA/.test(String(key.kty))) {
    throw new AzureError(
      400,
      'BadParameter',
      `Key type '${String(key.kty)}' is not supported: this vault makes RSA keys only.`,
    );
  }
  const made = selfSigned(cloud, policy);
  content.operations.set(name.toLowerCase(), {
    id: randomHex(16),
    doneAt: cloud.clock.now() + cloud.settings.certificateTime,
    csr: Buffer.from(made.certificate).toString('base64'),
  });
  store(cloud, content, name, {
    ...made,
    policy,
    attributes: call.json.attributes as JsonObject,
    tags: call.json.tags as JsonObject,
  });
  return answer(202, operationOf(request, name), {
    Location: `${request.base}/certificates/${name}/pending?api-version=${call.query.get('api-version')!}&request_id=${randomHex(16)}`,
    'Retry-After': String(cloud.settings.retryAfter),
  });
}

/** A certificate that a vault signs for itself, with what its policy says. */
function selfSigned(cloud: Cloud, policy: JsonObject): { certificate: string; privateKey: string } {
  const { subject, validity_months: months, sans, subject_alternative_names: names } = policy.x509_props as JsonObject;
  const keys = generateKeyPairSync('rsa', { modulusLength: Number(policy.key_props?.key_size ?? 2048) });
  const notBefore = new Date(cloud.clock.now() - 600_000);
  const notAfter = new Date(cloud.clock.now());
  notAfter.setUTCMonth(notAfter.getUTCMonth() + Number(months ?? 12));
  const certificate = newCertificate({
    commonName: /CN=([^,]+)/i.exec(String(subject))?.[1] ?? 'certificate',
    keys,
    dnsNames: ((sans ?? names)?.dns_names ?? []) as string[],
    notBefore,
    notAfter,
  });
  return { certificate, privateKey: pkcs8(keys.privateKey) };
}

/** Adds a version, with the secret and the key that come with each certificate. */
export function store(
  cloud: Cloud,
  content: VaultContent,
  name: string,
  given: {
    certificate: string;
    privateKey: string;
    policy?: JsonObject;
    attributes?: JsonObject;
    tags?: JsonObject;
    version?: string;
  },
): CertificateVersion {
  const now = cloud.clock.seconds();
  const policy = given.policy ?? DEFAULT_POLICY;
  const validity = validityOf(given.certificate);
  const version: CertificateVersion = {
    name,
    version: given.version ?? randomHex(16),
    certificate: given.certificate,
    privateKey: given.privateKey,
    policy,
    ...(given.tags === undefined ? {} : { tags: given.tags }),
    attributes: { enabled: true, ...given.attributes, ...validity, created: now, updated: now },
  };
  const versions = content.certificates.get(name.toLowerCase()) ?? [];
  content.certificates.set(name.toLowerCase(), [...versions, version]);
  const contentType = String(policy.secret_props?.contentType ?? PKCS12);
  addSecret(cloud, content, name, {
    value: exported(version, contentType),
    contentType,
    managed: true,
    version: version.version,
    attributes: validity,
  });
  return version;
}

/** The certificate with its key, as its secret holds it; without the key where it may not leave the vault. */
function exported({ certificate, privateKey, policy }: CertificateVersion, contentType: string): string {
  if (policy.key_props?.exportable === false) {
    return derOf(certificate);
  }
  return contentType === PEM
    ? `${privateKey}${certificate}`
    : pfx(createPrivateKey(privateKey), certificate).toString('base64');
}

function importCertificate(request: VaultRequest, name: string): Answer {
  const { cloud, call, content } = request;
  request.demand(IMPORT);
  demandNotDeleted(content, name);
  const { value, pwd, policy, attributes, tags } = call.json;
  const isPem = String(value).includes('-----BEGIN');
  try {
    const read = isPem ? readPem(String(value)) : readPfx(Buffer.from(String(value), 'base64'), String(pwd ?? ''));
    const merged = {
      ...DEFAULT_POLICY,
      ...(policy as JsonObject | undefined),
      secret_props: { contentType: isPem ? PEM : PKCS12, ...(policy as JsonObject | undefined)?.secret_props },
      issuer: { name: 'Unknown' },
    };
    const version = store(cloud, content, name, {
      ...read,
      policy: merged,
      attributes: attributes as JsonObject,
      tags: tags as JsonObject,
    });
    return answer(200, bodyOf(request, version));
  } catch {
    throw new AzureError(
      400,
      'BadParameter',
      'The specified PKCS#12 X.509 or PEM certificate content can not be read. Please check if certificate is in valid format and the password is right.',
    );
  }
}

function readPem(text: string): { certificate: string; privateKey: string } {
  const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/.exec(text)![0];
  return { certificate, privateKey: pkcs8(createPrivateKey(text)) };
}

function pending(request: VaultRequest, name: string): Answer {
  request.demand(GET);
  return answer(200, operationOf(request, name));
}

function operationOf(request: VaultRequest, name: string): JsonObject {
  const { cloud, content, base } = request;
  const operation = content.operations.get(name.toLowerCase());
  if (operation === undefined) {
    throw new AzureError(404, 'PendingCertificateNotFound', `Pending certificate not found: ${name}`);
  }
  const done = cloud.clock.now() >= operation.doneAt;
  return {
    id: `${base}/certificates/${name}/pending`,
    issuer: { name: 'Self' },
    csr: operation.csr,
    cancellation_requested: false,
    status: done ? 'completed' : 'inProgress',
    ...(done ? { target: `${base}/certificates/${name}` } : { status_details: 'Pending certificate created.' }),
    request_id: operation.id,
  };
}

function remove(request: VaultRequest, name: string): Answer {
  const { cloud, content } = request;
  request.demand(DELETE);
  const versions = demandFound(request);
  const deleted = { versions, deletedAt: cloud.clock.seconds() };
  content.certificates.delete(name.toLowerCase());
  content.secrets.delete(name.toLowerCase());
  content.operations.delete(name.toLowerCase());
  content.deletedCertificates.set(name.toLowerCase(), deleted);
  return answer(200, deletedBody(request, deleted));
}

export function deletedCertificates(request: VaultRequest): Answer {
  const { cloud, call, content, name, rest } = request;
  if (name === undefined) {
    request.demand(LIST);
    return vaultPage(
      request,
      [...content.deletedCertificates.values()].map((entry) => deletedBody(request, entry)),
    );
  }
  const entry = content.deletedCertificates.get(name.toLowerCase());
  if (entry === undefined) {
    throw new AzureError(404, 'CertificateNotFound', `Deleted Certificate not found: ${name}`);
  }
  if (rest[0] === 'recover') {
    request.demand(RECOVER);
    content.deletedCertificates.delete(name.toLowerCase());
    for (const version of entry.versions) {
      store(cloud, content, name, version);
    }
    return answer(200, bodyOf(request, content.certificates.get(name.toLowerCase())!.at(-1)!));
  }
  if (call.method === 'DELETE') {
    request.demand(PURGE);
    content.deletedCertificates.delete(name.toLowerCase());
    return answer(204);
  }
  request.demand(GET);
  return answer(200, deletedBody(request, entry));
}

function demandNotDeleted(content: VaultContent, name: string): void {
  if (content.deletedCertificates.has(name.toLowerCase())) {
    throw new AzureError(
      409,
      'Conflict',
      `Certificate ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the certificate can only be recovered or purged.`,
    );
  }
}

/** The versions that are done. */
function demandFound({ cloud, content, name }: VaultRequest): CertificateVersion[] {
  const key = String(name).toLowerCase();
  const versions = content.certificates.get(key);
  const operation = content.operations.get(key);
  const isPending = operation !== undefined && cloud.clock.now() < operation.doneAt;
  const done = isPending ? versions?.slice(0, -1) : versions;
  if (done === undefined || done.length === 0) {
    throw new AzureError(
      404,
      'CertificateNotFound',
      `A certificate with (name/id) ${String(name)} was not found in this key vault.`,
    );
  }
  return done;
}

function versionOf({ name, rest }: VaultRequest, versions: CertificateVersion[]): CertificateVersion {
  const version = rest[0] === undefined ? versions.at(-1) : versions.find((candidate) => candidate.version === rest[0]);
  if (version === undefined) {
    throw new AzureError(
      404,
      'CertificateNotFound',
      `A certificate with (name/id) ${String(name)}/${rest[0]} was not found in this key vault.`,
    );
  }
  return version;
}

function derOf(certificate: string): string {
  return certificate.replace(/-----[^-]+-----|\s/g, '');
}

function validityOf(certificate: string): JsonObject {
  const parsed = new X509Certificate(certificate);
  return { nbf: Math.floor(Date.parse(parsed.validFrom) / 1000), exp: Math.floor(Date.parse(parsed.validTo) / 1000) };
}

function summaryOf({ base }: VaultRequest, version: CertificateVersion, withVersion = true): JsonObject {
  return {
    id: `${base}/certificates/${version.name}${withVersion ? `/${version.version}` : ''}`,
    x5t: thumbprint(version.certificate, 'sha1').toString('base64url'),
    attributes: vaultAttributes(version.attributes),
    tags: version.tags ?? {},
    subject: '',
  };
}

function policyOf({ base }: VaultRequest, version: CertificateVersion): JsonObject {
  return { id: `${base}/certificates/${version.name}/policy`, ...version.policy };
}

function bodyOf(request: VaultRequest, version: CertificateVersion): JsonObject {
  const { base } = request;
  return {
    ...summaryOf(request, version),
    kid: `${base}/keys/${version.name}/${version.version}`,
    sid: `${base}/secrets/${version.name}/${version.version}`,
    cer: derOf(version.certificate),
    policy: policyOf(request, version),
    pending: { id: `${base}/certificates/${version.name}/pending` },
  };
}

function deletedBody(request: VaultRequest, { versions, deletedAt }: DeletedEntry<CertificateVersion>): JsonObject {
  const last = versions.at(-1)!;
  return {
    ...bodyOf(request, last),
    recoveryId: `${request.base}/deletedcertificates/${last.name}`,
    deletedDate: deletedAt,
    scheduledPurgeDate: deletedAt + 90 * 86_400,
  };
}

export const publicKeyOf = (version: CertificateVersion): ReturnType<typeof createPublicKey> =>
  createPublicKey(version.certificate);
