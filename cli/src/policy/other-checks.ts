import { say } from '../message';
import { isExpression } from './expression';
import type { Difference } from './difference';
import { compareAnyOf, compareFlag, sayOf } from './properties';
import { canonical, type PolicyNode } from './reader';

export function compareCertificates(before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const tell = sayOf('certificate');
  const identities = (node: PolicyNode): readonly string[] =>
    node.children.filter((child) => child.name === 'identities').flatMap(({ children }) => children.map(canonical));
  const [former, latter] = [identities(before), identities(after)];
  return [
    ...compareFlag(before, after, 'validate-revocation', true, tell, 'client certificates that are revoked'),
    ...compareFlag(before, after, 'validate-trust', true, tell, 'client certificates without a trusted issuer'),
    ...compareFlag(before, after, 'validate-not-before', true, tell, 'client certificates that are not valid yet'),
    ...compareFlag(before, after, 'validate-not-after', true, tell, 'client certificates that have expired'),
    ...compareFlag(before, after, 'ignore-error', false, tell, 'client certificates that are not valid'),
    ...compareAnyOf(former, latter, 'identities', tell, {
      any: 'accepts client certificates of anybody',
      some: 'accepts the client certificates of a list only',
      added: 'accepts client certificates of somebody else',
      removed: 'no longer accepts client certificates of somebody',
    }),
  ];
}

export function compareAddresses(before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const tell = sayOf('addresses');
  const [former, latter] = [before, after].map((node) => node.attributes.get('action')?.toLowerCase());
  if (former !== latter || (latter !== 'allow' && latter !== 'forbid' && canonical(before) !== canonical(after))) {
    return [tell('unknown', 'action', say`filters addresses in another way`)];
  }
  const addresses = (node: PolicyNode): readonly string[] =>
    node.children.map((child) =>
      child.name === 'address'
        ? child.text
        : `${child.attributes.get('from') ?? ''} to ${child.attributes.get('to') ?? ''}`,
    );
  const [old, fresh] = [addresses(before), addresses(after)];
  const added = fresh.some((address) => !old.includes(address));
  const removed = old.some((address) => !fresh.includes(address));
  const allows = latter === 'allow';
  return [
    ...(allows && added ? [tell('looser', 'addresses added', say`accepts calls from more addresses`)] : []),
    ...(allows && removed ? [tell('tighter', 'addresses removed', say`accepts calls from fewer addresses`)] : []),
    ...(!allows && added ? [tell('tighter', 'addresses added', say`refuses calls from more addresses`)] : []),
    ...(!allows && removed ? [tell('looser', 'addresses removed', say`refuses calls from fewer addresses`)] : []),
  ];
}

export function compareHeaders(before: PolicyNode, after: PolicyNode): readonly Difference[] {
  const tell = sayOf('header');
  const [former, latter] = [before, after].map((node) => node.attributes.get('name')?.toLowerCase() ?? '');
  if (former !== latter || isExpression(former ?? '')) {
    return former === latter && canonical(before) === canonical(after)
      ? []
      : [tell('both', 'name', say`checks another header`)];
  }
  const values = (node: PolicyNode): readonly string[] => node.children.map(({ text }) => text);
  return [
    ...compareFlag(before, after, 'ignore-case', false, tell, 'values of a header whatever their case'),
    ...compareAnyOf(values(before), values(after), 'values', tell, {
      any: 'accepts any value of a header',
      some: 'accepts the values of a list in a header only',
      added: 'accepts one more value of a header',
      removed: 'no longer accepts a value of a header',
    }),
  ];
}
