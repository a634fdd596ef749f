import { say } from '../message';
import type { Difference, Printer } from './difference';
import type { CheckFamily } from './flow';
import { about, what } from './properties';
import { canonical, type PolicyNode } from './reader';
import { compareAddresses, compareCertificates, compareHeaders } from './other-checks';
import { compareTokens } from './tokens';

/** What two checks of a family do differently, seen from the first one. */
export function differences(
  family: CheckFamily,
  before: PolicyNode,
  after: PolicyNode,
  printer: Printer,
): readonly Difference[] {
  const found = FAMILIES[family](before, after, printer);
  const rest = others(family, before, after);
  return [...found, ...rest];
}

type Compare = (before: PolicyNode, after: PolicyNode, printer: Printer) => readonly Difference[];

const FAMILIES: Readonly<Record<CheckFamily, Compare>> = {
  token: compareTokens,
  certificate: compareCertificates,
  addresses: compareAddresses,
  header: compareHeaders,
  content: () => [],
};

/** The text for a refused caller, and the variable for a validated token: they do not change who is refused. */
const HARMLESS: ReadonlySet<string> = new Set([
  'failed-validation-httpcode',
  'failed-validation-error-message',
  'failed-check-httpcode',
  'failed-check-error-message',
  'output-token-variable-name',
  'errors-variable-name',
]);

const UNDERSTOOD: Readonly<
  Record<CheckFamily, { readonly attributes: readonly string[]; readonly children: readonly string[] }>
> = {
  token: {
    attributes: [
      'tenant-id',
      'header-name',
      'query-parameter-name',
      'token-value',
      'require-scheme',
      'require-expiration-time',
      'require-signed-tokens',
      'clock-skew',
    ],
    children: [
      'openid-config',
      'issuer-signing-keys',
      'decryption-keys',
      'audiences',
      'issuers',
      'client-application-ids',
      'backend-application-ids',
      'required-claims',
    ],
  },
  certificate: {
    attributes: ['validate-revocation', 'validate-trust', 'validate-not-before', 'validate-not-after', 'ignore-error'],
    children: ['identities'],
  },
  addresses: { attributes: ['action'], children: ['address', 'address-range'] },
  header: { attributes: ['name', 'ignore-case'], children: ['value'] },
  content: { attributes: [], children: [] },
};

/** What differs and is not understood weakens until shown otherwise. */
function others(family: CheckFamily, before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const { attributes, children } = UNDERSTOOD[family];
  const rest = (node: PolicyNode): string =>
    canonical({
      ...node,
      attributes: new Map([...node.attributes].filter(([key]) => !attributes.includes(key) && !HARMLESS.has(key))),
      children: node.children.filter((child) => !children.includes(child.name)),
    });
  return before.name !== after.name || rest(before) === rest(after)
    ? []
    : [
        {
          effect: 'unknown',
          about: about(family),
          subject: `${before.name} settings`,
          says: say`changes ${what(family)} in a way that cannot be compared`,
        },
      ];
}
