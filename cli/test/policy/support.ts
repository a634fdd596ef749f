import type { Comparison } from '../../src/policy/duties';
import { compareFlows } from '../../src/policy/compare';
import { flowOf, type Flow, type Fragments } from '../../src/policy/flow';
import { readPolicy, type PolicyFormat } from '../../src/policy/reader';

/** A policy with these elements in its inbound section, and what is usual in the others. */
export function inbound(
  elements: string,
  others: { backend?: string; outbound?: string; onError?: string } = {},
): string {
  const { backend = '', outbound = '', onError = '' } = others;
  return `<policies><inbound>${elements}</inbound><backend><base />${backend}</backend><outbound><base />${outbound}</outbound><on-error><base />${onError}</on-error></policies>`;
}

export const ENTRA =
  '<validate-azure-ad-token tenant-id="t" header-name="Authorization"><client-application-ids><application-id>c</application-id></client-application-ids><audiences><audience>api://a</audience></audiences><required-claims><claim name="roles" match="all"><value>Read</value></claim></required-claims></validate-azure-ad-token>';
export const JWT =
  '<validate-jwt header-name="Authorization" require-scheme="Bearer"><openid-config url="https://login.microsoftonline.com/t/v2.0/.well-known/openid-configuration" /><audiences><audience>api://a</audience></audiences><issuers><issuer>i</issuer></issuers><required-claims><claim name="roles" match="any" separator=","><value>Read</value><value>Write</value></claim></required-claims></validate-jwt>';

export function when(condition: string, elements: string, otherwise?: string): string {
  const rest = otherwise === undefined ? '' : `<otherwise>${otherwise}</otherwise>`;
  return `<choose><when condition="@(${condition})">${elements}</when>${rest}</choose>`;
}

export function refuse(code = '403'): string {
  return `<return-response><set-status code="${code}" reason="no" /></return-response>`;
}

export function flow(xml: string, fragments: Fragments = (id) => `fragment ${id}`, format?: PolicyFormat): Flow {
  const root = readPolicy(xml, format);
  const found = root === undefined ? undefined : flowOf(root, fragments);
  if (found === undefined) {
    throw new Error(`this is no policy: ${xml}`);
  }
  return found;
}

/** `effect about: sentence`, for everything that two policies do differently. */
export function differences(before: string, after: string, comparison: Partial<Comparison> = {}): string[] {
  return compareFlows(flow(before), flow(after), {
    printer: {
      role: (value) => (['Read', 'Write'].includes(value) ? value : undefined),
      audience: (value) => value,
      amounts: true,
    },
    outside: { of: [], matters: () => undefined, answers: undefined },
    readElsewhere: [],
    hides: () => false,
    ...comparison,
  }).map(
    ({ effect, about, lead, says }) => `${effect} ${about}: ${lead ?? ''}${says.map(({ text }) => text).join('')}`,
  );
}
