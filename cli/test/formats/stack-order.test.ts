import { parse, type DefaultTreeAdapterMap } from 'parse5';
import { htmlFormat } from '../../src/formats/html';
import { markdownFormat } from '../../src/formats/markdown';
import { worstFirst } from '../../src/formats/stack-order';
import type { StackReview, Verdict } from '../../src/model';
import type { PlanFixture } from '../fixtures/plan';
import { grant, nativeStack } from '../fixtures/stacks';
import { reviewOf } from '../support';

/** The better a stack's verdict, the earlier its name: no order by name is the right one. */
const STACKS: Readonly<Record<string, () => PlanFixture>> = {
  'a-neutral': () => nativeStack(),
  'b-neutral': () => nativeStack(),
  'c-breaking': () => nativeStack().deletes('azapi_resource.partner_grants["gold"]'),
  'd-broadening': () => gaining(nativeStack()),
  'e-both': () => gaining(nativeStack().deletes('azapi_resource.partner_grants["gold"]')),
};

function gaining(plan: PlanFixture): PlanFixture {
  return plan.creates('azapi_resource.batch_starter', { values: grant('batch', 'starter'), expressions: {} });
}

const found = reviewOf(Object.fromEntries(Object.entries(STACKS).map(([name, plan]) => [name, plan()])));
const ORDER = ['e-both', 'd-broadening', 'c-breaking', 'a-neutral', 'b-neutral'];

test('the stacks have the verdicts that they are named after', () => {
  expect(found.stacks.map(({ verdict }) => verdict.label)).toEqual([
    'NEUTRAL',
    'NEUTRAL',
    'BREAKING',
    'BROADENING',
    'BROADENING and BREAKING',
  ]);
});

test('a review as data has its stacks in the order of their names', () => {
  expect(found.stacks.map(({ name }) => name)).toEqual(Object.keys(STACKS));
});

test('markdown begins with the worst stack', () => {
  const [, table = ''] = markdownFormat.render(found).split('### Stacks');
  expect([...table.matchAll(/^\| `([a-e]-\w+)` \|/gm)].map(([, name]) => name)).toEqual(ORDER);
});

test('html begins with the worst stack', () => {
  const names = cellsOf(parse(htmlFormat.render(found)), 'stacks-table').flatMap(
    (text) => ORDER.find((name) => text.trim().startsWith(name)) ?? [],
  );
  expect(names).toEqual(ORDER);
});

test('critical findings stand before all others, what is not judged before what only breaks', () => {
  const stacks = [
    stack('neutral', {}),
    stack('breaking', { breaking: true }),
    stack('unjudged and breaking', { breaking: true, unjudged: true }),
    stack('unjudged', { unjudged: true }),
    stack('broadening', { broadening: true }),
    stack('broadening and unjudged', { broadening: true, unjudged: true }),
    stack('both', { broadening: true, breaking: true }),
    stack('critical, which only breaks', { breaking: true }, 1),
    stack('a critical one', { broadening: true, breaking: true }, 3),
  ];
  const order = [
    'a critical one',
    'critical, which only breaks',
    'both',
    'broadening',
    'broadening and unjudged',
    'unjudged',
    'unjudged and breaking',
    'breaking',
    'neutral',
  ];
  expect(worstFirst(stacks).map(({ name }) => name)).toEqual(order);
  expect(worstFirst([...stacks].reverse()).map(({ name }) => name)).toEqual(order);
});

function stack(name: string, words: Partial<Verdict>, critical = 0): StackReview {
  const [base] = found.stacks;
  if (base === undefined) {
    throw new Error('the review has stacks');
  }
  const { verdict } = base;
  return { ...base, name, verdict: { ...verdict, ...words, counts: { ...verdict.counts, critical } } };
}

type Node = DefaultTreeAdapterMap['node'];

/** What the first cell of each row of a section's table says. */
function cellsOf(page: Node, section: string): string[] {
  const nodes = (node: Node): Node[] => [node, ...('childNodes' in node ? node.childNodes.flatMap(nodes) : [])];
  const text = (node: Node): string =>
    'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(text).join('') : '';
  const body = nodes(page).find(
    (node) => 'attrs' in node && node.attrs.some(({ name, value }) => name === 'id' && value === section),
  );
  return body === undefined
    ? []
    : nodes(body)
        .filter((node) => 'tagName' in node && node.tagName === 'tr')
        .map((row) => text(nodes(row).find((node) => 'tagName' in node && ['td', 'th'].includes(node.tagName)) ?? row));
}
