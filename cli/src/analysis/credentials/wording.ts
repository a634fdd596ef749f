import { listed, name, say } from '../../message';
import type { MessagePart } from '../../model';
import { printable, printableTexts } from '../../plan/attributes';
import type { SideName } from '../../entities/aliases';
import type { Resource, Side } from '../../plan/resource';
import { compare } from '../context';
import type { Credential } from './credential';
import { federationPaths } from './federation-paths';

export function describe({ resource, kind }: Credential): readonly MessagePart[] {
  const side = resource.after ?? resource.before;
  switch (kind) {
    case 'key vault secret':
      return say`Key Vault secret ${name(printable(side, 'name') ?? resource.address)}`;
    case 'key vault certificate':
      return say`Key Vault certificate ${name(printable(side, 'name') ?? resource.address)}`;
    case 'federated identity':
      return say`federated credential${trusted(resource, resource.after === undefined ? 'before' : 'after')}`;
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
export function trusted(resource: Resource, side: SideName): readonly MessagePart[] {
  const own = resource[side];
  const paths = federationPaths(resource);
  const subject = printable(own, ...paths.subject) ?? printable(own, ...paths.expression);
  const issuer = printable(own, ...paths.issuer);
  const audiences = (printableTexts(own, ...paths.audiences) ?? [])
    .filter((audience) => audience !== 'api://AzureADTokenExchange')
    .sort(compare);
  return say`${subject === undefined ? '' : say` for ${name(subject)}`}${issuer === undefined ? '' : say` from ${name(issuer)}`}${audiences.length === 0 ? '' : say` with audience ${listed(audiences)}`}`;
}
