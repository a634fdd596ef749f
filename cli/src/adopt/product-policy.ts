import { decodedEntities } from '../policy/expression';
import { readPolicy, type PolicyNode } from '../policy/reader';

/** A product's policy in the form in which azurerm reads it, or why the program does not declare it. */
export type FoundPolicy = { readonly xml: string } | { readonly reason: string };

const SENSITIVE_NAME = /auth|key|secret|token|cookie|pass|pwd|sig|code|credential/i;
const NAMED_VALUE = /^\s*(?:(?:Bearer|Basic)\s+)?\{\{[^{}]+\}\}\s*$/;
/** Elements whose text is what a caller or a backend is known by. */
const KEYS = new Set(['issuer-signing-keys', 'decryption-keys']);
const CREDENTIALS =
  /\b(?:Bearer|Basic)\s+[\w.~+/-]{16,}|\b(?:pass(?:word|wd)?|pwd|secret|sig|code|\w*key)["']?\s*[=:]\s*["']?[^\s{}@&;"'<>]{4,}/i;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const RUN = /[A-Za-z0-9+/_=-]{20,}/g;

/**
 * @param value what Azure answers for the policy without a format: XML with its expressions escaped.
 */
export function productPolicyOf(value: string): FoundPolicy {
  // what azurerm makes of it; it compares without line breaks and blanks
  const xml = decodedEntities(value).replaceAll('\r\n', '\n').trim();
  const root = readPolicy(xml);
  if (root === undefined) {
    return { reason: 'it cannot be read with certainty' };
  }
  if (mayHoldSecret(root) || CREDENTIALS.test(xml) || (xml.replace(GUID, '').match(RUN) ?? []).some(isRandom)) {
    return {
      reason:
        'it may contain a secret, which a program must not have; move the secret to a named value that Key Vault has, and adopt again',
    };
  }
  return { xml };
}

/** Letters of both cases with digits, or 32 hexadecimal digits, as keys and tokens have them and words have not. */
function isRandom(run: string): boolean {
  const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run) && (run.match(/\d/g) ?? []).length >= 3;
  return isMixed || /^[\da-f]{32,}$/i.test(run);
}

function mayHoldSecret({ name, attributes, children }: PolicyNode): boolean {
  const given = (value: string | undefined): boolean =>
    value !== undefined && value.trim() !== '' && !NAMED_VALUE.test(value) && !/^\s*@[({]/.test(value);
  if (name === 'authentication-basic' && given(attributes.get('password'))) {
    return true;
  }
  if (KEYS.has(name) && children.some((key) => given(key.text))) {
    return true;
  }
  if (
    (name === 'set-header' || name === 'set-query-parameter') &&
    SENSITIVE_NAME.test(attributes.get('name') ?? '') &&
    children.some((value) => given(value.text))
  ) {
    return true;
  }
  return children.some(mayHoldSecret);
}
