import { DOMParser, type Element, type Node } from '@xmldom/xmldom';

/** Stands in a policy for a value that is unknown until apply. */
export const UNKNOWN_TEXT = 'unknown-until-apply';

/** What a policy demands of whoever calls. */
export interface PolicyRules {
  /** False where the text is no XML, is behind a link, unknown, or includes fragments that no plan shows. */
  readonly readable: boolean;
  readonly validations: readonly Validation[];
  readonly limits: readonly Limit[];
}

/** A `validate-azure-ad-token` or `validate-jwt` in the inbound section. */
export interface Validation {
  /** Always, only for who has no subscription key, or under some other condition. */
  readonly applies: 'always' | 'without key' | 'sometimes';
  readonly audiences: readonly string[];
  readonly tenant?: string;
  /** Client ids that are let in; empty: any. */
  readonly clients: readonly string[];
  readonly claims: readonly Claim[];
}

/** A claim that a token must have, with one or with all of the values. */
export interface Claim {
  readonly name: string;
  readonly match: 'any' | 'all';
  readonly values: readonly string[];
}

export type LimitKind = 'rate-limit' | 'rate-limit-by-key' | 'quota' | 'quota-by-key';

export interface Limit {
  readonly kind: LimitKind;
  /** Undefined where it is absent or an expression. */
  readonly calls?: number;
  readonly bandwidth?: number;
  readonly period?: number;
  /** What is counted, and when; for comparison only. */
  readonly counts: string;
  readonly always: boolean;
}

const LIMITS: ReadonlySet<string> = new Set(['rate-limit', 'rate-limit-by-key', 'quota', 'quota-by-key']);
const VALIDATIONS: ReadonlySet<string> = new Set(['validate-azure-ad-token', 'validate-jwt']);
const UNREADABLE: PolicyRules = { readable: false, validations: [], limits: [] };

const parsed = new Map<string, PolicyRules>();

/** Reads a policy; the same text is parsed once, since many products share one. */
export function parsePolicy(xml: string): PolicyRules {
  let rules = parsed.get(xml);
  if (rules === undefined) {
    rules = parse(xml);
    parsed.set(xml, rules);
  }
  return rules;
}

function parse(xml: string): PolicyRules {
  const inbound = inboundOf(xml);
  if (inbound === undefined) {
    return UNREADABLE;
  }
  const elements = inbound === null ? [] : descendants(inbound, []);
  return {
    readable: !elements.some(({ element }) => element.localName === 'include-fragment'),
    validations: elements.filter(({ element }) => VALIDATIONS.has(element.localName ?? '')).map(validation),
    limits: elements.filter(({ element }) => LIMITS.has(element.localName ?? '')).map(limit),
  };
}

/** The inbound section; null where there is none, undefined where the text is no policy. */
function inboundOf(xml: string): Element | null | undefined {
  try {
    const parser = new DOMParser({
      onError: (level, message) => {
        if (level !== 'warning') {
          throw new Error(message);
        }
      },
    });
    const root = parser.parseFromString(escapeExpressions(xml), 'text/xml').documentElement;
    if (root === null || root.localName !== 'policies') {
      return undefined;
    }
    return children(root).find(({ localName }) => localName === 'inbound') ?? null;
  } catch {
    return undefined;
  }
}

interface Placed {
  readonly element: Element;
  /** The conditions around it, outermost first. */
  readonly conditions: readonly string[];
}

function descendants(parent: Element, conditions: readonly string[]): Placed[] {
  return children(parent).flatMap((element) => {
    const own = conditionOf(element);
    const inner = own === undefined ? conditions : [...conditions, own];
    return [{ element, conditions }, ...descendants(element, inner)];
  });
}

/** The condition under which an element's children apply; `otherwise` applies where the ones before it do not. */
function conditionOf(element: Element): string | undefined {
  switch (element.localName) {
    case 'when':
      return element.getAttribute('condition') ?? '';
    case 'otherwise':
      return `not ${children(element.parentNode as Element)
        .filter(({ localName }) => localName === 'when')
        .map((when) => when.getAttribute('condition') ?? '')
        .join('\n')}`;
    default:
      return undefined;
  }
}

function validation({ element, conditions }: Placed): Validation {
  const tenant = element.getAttribute('tenant-id');
  return {
    applies: applies(conditions),
    audiences: valuesIn(element, 'audiences', 'audience'),
    ...(tenant === null || tenant === '' ? {} : { tenant }),
    clients: valuesIn(element, 'client-application-ids', 'application-id'),
    claims: within(element, 'required-claims', 'claim').map((claim) => ({
      name: claim.getAttribute('name') ?? '',
      match: claim.getAttribute('match') === 'any' ? ('any' as const) : ('all' as const),
      values: children(claim).map((value) => (value.textContent ?? '').trim()),
    })),
  };
}

const WITHOUT_KEY =
  /^(?:@\(\s*context\.Subscription\s*==\s*null\s*\)|not @\(\s*context\.Subscription\s*!=\s*null\s*\))$/;

function applies(conditions: readonly string[]): Validation['applies'] {
  const [only, ...others] = conditions;
  if (only === undefined) {
    return 'always';
  }
  return others.length === 0 && WITHOUT_KEY.test(only) ? 'without key' : 'sometimes';
}

function limit({ element, conditions }: Placed): Limit {
  const calls = numberOf(element, 'calls');
  const bandwidth = numberOf(element, 'bandwidth');
  const period = numberOf(element, 'renewal-period');
  return {
    kind: element.localName as LimitKind,
    ...(calls === undefined ? {} : { calls }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(period === undefined ? {} : { period }),
    counts: ['counter-key', 'increment-condition', 'increment-count', 'first-period-start']
      .map((name) => element.getAttribute(name) ?? '')
      .concat(conditions)
      .join('\n'),
    always: conditions.length === 0,
  };
}

function numberOf(element: Element, name: string): number | undefined {
  const value = element.getAttribute(name);
  return value !== null && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}

function within(element: Element, group: string, name: string): Element[] {
  return children(element)
    .filter(({ localName }) => localName === group)
    .flatMap(children)
    .filter(({ localName }) => localName === name);
}

function valuesIn(element: Element, group: string, name: string): string[] {
  return within(element, group, name).map((value) => (value.textContent ?? '').trim());
}

function children(element: Element): Element[] {
  return Array.from(element.childNodes).filter((node: Node): node is Element => node.nodeType === 1);
}

/**
 * Policy expressions, `@(...)` and `@{...}`, are C#, in which quotes and angle brackets may stand as
 * they are although XML forbids it: escape them, leaving what is escaped already.
 */
function escapeExpressions(xml: string): string {
  let result = '';
  let position = 0;
  for (let start = nextExpression(xml, 0); start >= 0; start = nextExpression(xml, position)) {
    const end = expressionEnd(xml, start + 1);
    result += xml.slice(position, start) + escapeXml(xml.slice(start, end));
    position = end;
  }
  return result + xml.slice(position);
}

function nextExpression(xml: string, from: number): number {
  const found = /@[({]/g;
  found.lastIndex = from;
  return found.exec(xml)?.index ?? -1;
}

/** The position after the bracket that closes the one at `open`, quotes observed. */
function expressionEnd(xml: string, open: number): number {
  let depth = 0;
  for (let position = open; position < xml.length; position += 1) {
    const character = xml[position];
    if (character === '(' || character === '{') {
      depth += 1;
    } else if (character === ')' || character === '}') {
      depth -= 1;
      if (depth === 0) {
        return position + 1;
      }
    } else if (character === '"') {
      const close = stringEnd(xml, position);
      if (close < 0) {
        return position;
      }
      position = close;
    }
  }
  return xml.length;
}

function stringEnd(xml: string, open: number): number {
  for (let position = open + 1; position < xml.length; position += 1) {
    if (xml[position] === '\\') {
      position += 1;
    } else if (xml[position] === '"') {
      return position;
    }
  }
  return -1;
}

function escapeXml(text: string): string {
  return text
    .replace(/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/gi, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
