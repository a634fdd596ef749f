import { isExpression } from './expression';
import { valuesIn, readsOf } from './state';
import type { PolicyNode } from './reader';
import { identifies } from './vocabulary';

/** That a token says who calls reveals no token: `....AsJwt()?.Subject`. */
const CLAIMS =
  /Headers(?:\.GetValueOrDefault\(|\[)"authorization"(?:,\s*"[^"]*")?[)\]](?:\.\w+\([^()]*\)|\[\d+\])*\??\.AsJwt\(\)\??\.(?:Subject|Issuer|Audiences|Claims|Id|ExpirationDateTime)\b/gi;
const SECRETS = /\b(?:PrimaryKey|SecondaryKey|AsBasic|Password)\b/;
/** An address contains the key that a caller put into its query. */
const WHOLE_ADDRESS = /\b(?:Original)?Url\b(?!\s*\.\s*(?:Path|Host|Scheme|Port)\b)/;
const SECRET_NAME = /\*|token|jwt|auth|key|secret|cred|pass|bearer/i;

/** Whether a text may contain a credential of a caller: a token, a key, or a named value, which may be a secret. */
export function revealsCredential(value: string): boolean {
  if (value.includes('{{')) {
    return true;
  }
  if (!isExpression(value)) {
    return false;
  }
  const text = value.replace(CLAIMS, '');
  return SECRETS.test(text) || WHOLE_ADDRESS.test(text) || readsOf(text).some(isCredential);
}

function isCredential(cell: string): boolean {
  const [kind, name = '*'] = cell.split(' ');
  switch (kind) {
    case 'header':
      return identifies(name);
    case 'query':
      // an address is judged as a whole
      return name !== '*' && SECRET_NAME.test(name);
    case 'variable':
      return SECRET_NAME.test(name);
    default:
      return false;
  }
}

/**
 * Whether an answer of the gateway itself may contain what only others may see: cached answers, answers to its own
 * requests, secrets.
 */
export function revealsState(node: PolicyNode): boolean {
  return (
    node.attributes.has('response-variable-name') ||
    valuesIn(node).some(
      (value) => revealsCredential(value) || (isExpression(value) && /\b(?:Variables|Response|Body)\b/.test(value)),
    )
  );
}
