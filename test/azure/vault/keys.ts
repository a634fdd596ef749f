import { createPrivateKey } from 'node:crypto';
import { signDigest } from '../certificates';
import { answer, Answer, AzureError } from '../http';
import { publicKeyOf } from './certificates';
import { Permission, vaultAttributes, VaultRequest } from './vault';
import { CertificateVersion } from './vaults';

const permission = (policy: string, dataAction: string): Permission => ['keys', policy, dataAction];
const GET = permission('get', 'read');
const SIGN = permission('sign', 'sign/action');

/** Keys of certificates: this vault has no others. */
export function keys(request: VaultRequest): Answer {
  const { call, rest, base } = request;
  const version = keyVersion(request);
  const kid = `${base}/keys/${version.name}/${version.version}`;
  if (call.method === 'POST' && rest[1] === 'sign') {
    request.demand(SIGN);
    return answer(200, { kid, value: signature(version, String(call.json.alg), String(call.json.value)) });
  }
  if (call.method !== 'GET') {
    throw new AzureError(404, 'NotFound', `${call.path} was not found.`);
  }
  request.demand(GET);
  return answer(200, {
    key: { kid, ...publicKeyOf(version).export({ format: 'jwk' }), key_ops: ['sign', 'verify'] },
    attributes: vaultAttributes(version.attributes),
    tags: version.tags ?? {},
    managed: true,
  });
}

function keyVersion({ content, name, rest }: VaultRequest): CertificateVersion {
  const versions = content.certificates.get(String(name).toLowerCase()) ?? [];
  const wanted =
    rest[0] === undefined || rest[0] === 'sign' ? versions.at(-1) : versions.find(({ version }) => version === rest[0]);
  if (wanted === undefined) {
    throw new AzureError(
      404,
      'KeyNotFound',
      `A key with (name/id) ${[name, ...rest.slice(0, 1)].join('/')} was not found in this key vault.`,
    );
  }
  return wanted;
}

/** Signs a digest, which is all that Key Vault is told of what is signed. */
function signature({ privateKey, attributes }: CertificateVersion, algorithm: string, value: string): string {
  const digest = Buffer.from(value, 'base64url');
  if (attributes.enabled === false) {
    throw new AzureError(403, 'Forbidden', 'Operation sign is not allowed on a disabled key.');
  }
  if (digest.length !== 32) {
    throw new AzureError(400, 'BadParameter', `The digest has ${digest.length} bytes; ${algorithm} needs 32.`);
  }
  if (algorithm !== 'RS256' && algorithm !== 'PS256') {
    throw new AzureError(400, 'BadParameter', `Algorithm '${algorithm}' is not supported for this key.`);
  }
  return signDigest(createPrivateKey(privateKey), digest, algorithm).toString('base64url');
}
