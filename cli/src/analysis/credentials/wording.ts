import { listed, name, say } from '../../message';
import type { MessagePart } from '../../model';
import { printable, printableTexts } from '../../plan/attributes';
import type { Side } from '../../plan/resource';
import { compare } from '../context';
import type { Credential } from './credential';

export function describe({ resource, kind }: Credential): readonly MessagePart[] {
  const side = resource.after ?? resource.before;
  switch (kind) {
    case 'key vault secret':
      return say`Key Vault secret ${name(printable(side, 'name') ?? resource.address)}`;
    case 'key vault certificate':
      return say`Key Vault certificate ${name(printable(side, 'name') ?? resource.address)}`;
    case 'federated identity':
      return say`federated credential${trusted(side)}`;
    case 'subscription key':
      return say`subscription key ${name(printable(side, 'display_name') ?? printable(side, 'body', 'properties', 'displayName') ?? resource.address)}`;
    default:
      return say`${kind}${label(side)}`;
  }
}

function label(side: Side | undefined): readonly MessagePart[] {
  const display = printable(side, 'display_name');
  return display === undefined ? [] : say` ${name(display)}`;
}

/** Whom a federated credential trusts: that is the whole of it, and no secret. */
function trusted(side: Side | undefined): readonly MessagePart[] {
  const subject = printable(side, 'subject') ?? printable(side, 'claims_matching_expression');
  const issuer = printable(side, 'issuer');
  const audiences = (printableTexts(side, 'audiences') ?? [])
    .filter((audience) => audience !== 'api://AzureADTokenExchange')
    .sort(compare);
  return say`${subject === undefined ? '' : say` for ${name(subject)}`}${issuer === undefined ? '' : say` from ${name(issuer)}`}${audiences.length === 0 ? '' : say` with audience ${listed(audiences)}`}`;
}
