import type { Resource } from '../../plan/resource';

/** Where the providers keep whom a federated credential trusts. */
export function federationPaths(resource: Resource): {
  readonly [name in 'issuer' | 'subject' | 'audiences' | 'expression']: readonly string[];
} {
  const properties = ['body', 'properties'];
  if (resource.type.startsWith('azapi_')) {
    return {
      issuer: [...properties, 'issuer'],
      subject: [...properties, 'subject'],
      audiences: [...properties, 'audiences'],
      expression: [...properties, 'claimsMatchingExpression', 'value'],
    };
  }
  return {
    issuer: ['issuer'],
    subject: ['subject'],
    audiences: [resource.type === 'azurerm_federated_identity_credential' ? 'audience' : 'audiences'],
    expression: ['claims_matching_expression'],
  };
}
