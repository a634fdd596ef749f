import { literal } from '../terraform/expression';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { EntraBlock } from '../azuread/entra-block';

/** Whom Entra is to trust for the client. */
export interface Federation {
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: string[];
}

/** No secret: Entra trusts the tokens that another issuer gives the workload. */
export function declareFederatedCredential(client: CredentialedClient, federation: Federation): BoundCredential {
  const trusted = {
    issuer: literal(federation.issuer),
    subject: literal(federation.subject),
    audiences: federation.audiences.map(literal),
  };
  new EntraBlock(client.scope, client.id, {
    type: 'azuread_application_federated_identity_credential',
    attributes: { application_id: client.applicationId, display_name: federation.name, ...trusted },
  });
  return { manifest: { kind: 'federated', ...trusted } };
}
