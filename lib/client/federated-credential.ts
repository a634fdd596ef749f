import { literal } from '../terraform/expression';
import { recordSource } from '../terraform/source-line';
import { BoundCredential, CredentialedClient } from './credentialed-client';
import { EntraBlock } from '../azuread/entra-block';

/** The workload that Entra trusts for the client. */
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
  const credential = new EntraBlock(client.scope, client.id, {
    type: 'azuread_application_federated_identity_credential',
    attributes: { application_id: client.applicationId, display_name: federation.name, ...trusted },
  });
  recordSource(credential, client.source);
  return { manifest: { kind: 'federated', ...trusted } };
}
