import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { json, Loopback } from './loopback';

const TENANT = '11111111-1111-4111-8111-111111111111';

/** As little of Entra and a gateway as takes tokens with real signatures, so that thousands of them are quick. */
export class SigningTenant extends Loopback {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  constructor() {
    super((request, response, body) => {
      if (request.method === 'POST') {
        const form = new URLSearchParams(body);
        const audience = String(form.get('scope')).replace(/\/\.default$/, '');
        json(response, 200, {
          token_type: 'Bearer',
          expires_in: 3599,
          access_token: this.token(audience, String(form.get('client_id'))),
        });
        return;
      }
      const audience = `api://${(request.url ?? '').split('/')[1]}`;
      const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      json(response, token !== undefined && this.isFor(token, audience) ? 200 : 401, {});
    });
  }

  /** Applications that all have all products. */
  manifest(applications: number, products: number): unknown {
    const ids = Array.from({ length: products }, (_, index) => `p${index}`);
    const granted = Object.fromEntries(
      ids.map((id) => [id, { scope: `api://${id}/.default`, gatewayUrl: this.url, path: `/${id}/resource` }]),
    );
    const names = Array.from({ length: applications }, (_, index) => index);
    return {
      version: 1,
      applications: Object.fromEntries(
        names.map((index) => [
          `a${index}`,
          {
            clientId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
            tenantId: TENANT,
            tokenEndpoint: `${this.url}/${TENANT}/oauth2/v2.0/token`,
            credential: { kind: 'federated', issuer: 'https://issuer.example', subject: 'x', audiences: ['x'] },
            products: granted,
          },
        ]),
      ),
    };
  }

  private token(audience: string, clientId: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { aud: audience, appid: clientId, roles: ['Call'], nbf: now, exp: now + 3599 };
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const input = `${part({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${part(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), this.keys.privateKey).toString('base64url')}`;
  }

  private isFor(token: string, audience: string): boolean {
    const [header = '', claims = '', signature = ''] = token.split('.');
    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      this.keys.publicKey,
      Buffer.from(signature, 'base64url'),
    );
    return isSigned && JSON.parse(Buffer.from(claims, 'base64url').toString()).aud === audience;
  }
}
