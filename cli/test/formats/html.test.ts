import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parse, type DefaultTreeAdapterMap } from 'parse5';
import { htmlFormat } from '../../src/formats/html';
import { MAX_COLUMNS, MAX_ROWS } from '../../src/html/matrix';
import { MAX_EDGES, MAX_NODES, selectGraph } from '../../src/html/graph/select';
import { clip } from '../../src/html/graph/text';
import type { Review } from '../../src/model';
import { hostileNames, hostileStack } from '../fixtures/hostile';
import { manyGrants } from '../fixtures/many';
import { SCENARIOS } from '../fixtures/scenarios';
import { client, grant, nativeStack } from '../fixtures/stacks';
import { reviewOf } from '../support';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

function elements(node: Node): Element[] {
  const own = 'tagName' in node ? [node] : [];
  return [...own, ...('childNodes' in node ? node.childNodes.flatMap(elements) : [])];
}

function textOf(node: Node): string {
  return 'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

function line(node: Node): string {
  return textOf(node).replace(/\s+/g, ' ').trim();
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

function all(page: string, test: (element: Element) => boolean): Element[] {
  return elements(parse(page)).filter(test);
}

function byId(page: string, id: string): Element | undefined {
  return all(page, (element) => attribute(element, 'id') === id)[0];
}

/** The cells of a table, row by row. */
function rows(page: string, id: string): string[][] {
  const table = byId(page, id);
  return table === undefined
    ? []
    : elements(table)
        .filter(({ tagName }) => tagName === 'tr')
        .map((row) => elements(row).filter(({ tagName }) => tagName === 'td' || tagName === 'th'))
        .map((cells) => cells.map(line));
}

function pageOf(scenario: string): string {
  return htmlFormat.render(reviewOf(SCENARIOS[scenario]?.() ?? {}));
}

/** Everything that a reader is told, block by block. */
function said(page: string): string[] {
  const blocks = ['h1', 'h2', 'p', 'caption', 'tr', 'figcaption', 'li', 'desc', 'summary'];
  return all(page, ({ tagName }) => blocks.includes(tagName)).map((block) =>
    block.tagName === 'tr'
      ? elements(block)
          .filter(({ tagName }) => tagName === 'td' || tagName === 'th')
          .map(line)
          .join(' | ')
      : line(block),
  );
}

test.each(Object.keys(SCENARIOS))('%s', (scenario) => {
  expect(said(pageOf(scenario).replaceAll(reviewOf(nativeStack()).tool.version, '0.0.0'))).toMatchSnapshot();
});

test('the same plans give the same page', () => {
  expect(pageOf('several stacks')).toBe(pageOf('several stacks'));
});

describe('the page', () => {
  const page = pageOf('grant removed, product opened, drift');

  test('begins with the verdict, then what is critical, then numbers, then tables', () => {
    const order = all(page, (element) => ['h1', 'h2', 'dl', 'nav'].includes(element.tagName)).map((element) =>
      element.tagName === 'nav' ? 'nav' : element.tagName === 'dl' ? 'dl' : line(element),
    );
    expect(order).toEqual([
      'BROADENING and BREAKING',
      'Critical',
      'dl',
      'nav',
      'Access',
      'Access before and after',
      'Exposure',
      'Ways in',
      'Changed outside of Terraform',
      'Access matrix',
      'Stacks',
    ]);
  });

  test('may use its own style and nothing else', () => {
    const [style] = all(page, ({ tagName }) => tagName === 'style');
    const hash = createHash('sha256').update(textOf(style!)).digest('base64');
    const [policy] = all(page, (element) => attribute(element, 'http-equiv') === 'Content-Security-Policy');
    expect(attribute(policy!, 'content')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    expect(textOf(style!)).not.toMatch(/url\(|@import/);
  });

  test('names its language and all that a reader jumps to', () => {
    const [root] = all(page, ({ tagName }) => tagName === 'html');
    expect(attribute(root!, 'lang')).toBe('en');
    const ids = all(page, (element) => attribute(element, 'id') !== undefined).map((e) => attribute(e, 'id'));
    expect(new Set(ids).size).toBe(ids.length);
    const targets = all(page, ({ tagName }) => tagName === 'a').map((link) => attribute(link, 'href') ?? '');
    expect(targets.filter((target) => !ids.includes(target.replace(/^#/, '')))).toEqual([]);
    const labels = all(page, (element) => attribute(element, 'aria-labelledby') !== undefined).flatMap((element) =>
      (attribute(element, 'aria-labelledby') ?? '').split(' '),
    );
    expect(labels.filter((label) => !ids.includes(label))).toEqual([]);
  });

  test('every table has a caption, and every header of it a scope', () => {
    const tables = all(page, ({ tagName }) => tagName === 'table');
    expect(tables.length).toBe(6);
    for (const table of tables) {
      expect(elements(table).filter(({ tagName }) => tagName === 'caption')).toHaveLength(1);
      const headers = elements(table).filter(({ tagName }) => tagName === 'th');
      expect(headers.every((header) => ['row', 'col'].includes(attribute(header, 'scope') ?? ''))).toBe(true);
    }
  });

  test('draws an open product as a line from anyone', () => {
    const edges = (id: string) =>
      elements(byId(page, id)!)
        .filter(({ tagName }) => tagName === 'path')
        .map((edge) => attribute(edge, 'class'));
    expect(edges('graph-before')).toEqual(['edge lost', 'edge way-closed', 'edge kept']);
    expect(edges('graph-after')).toEqual(['edge opened', 'edge kept']);
  });
});

describe('names from a plan', () => {
  const known = new Set(
    [...Object.keys(SCENARIOS)].flatMap((scenario) =>
      all(pageOf(scenario), () => true).map(
        ({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`,
      ),
    ),
  );
  const policy = /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'$/;

  function unexpected(page: string): string[] {
    const found = all(page, () => true);
    const kinds = found.map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`);
    const links = found.flatMap(({ attrs }) =>
      attrs.filter(({ name, value }) => ['href', 'src', 'xlink:href'].includes(name) && !value.startsWith('#')),
    );
    const policies = found.filter((element) => attribute(element, 'http-equiv') !== undefined);
    return [
      ...kinds.filter((kind) => !known.has(kind)),
      ...links.map(({ value }) => value),
      ...policies.map((meta) => attribute(meta, 'content') ?? '').filter((content) => !policy.test(content)),
    ];
  }

  /** Writes a name over every name, reason, address and sentence of a review. */
  function renamed(review: Review, name: string): Review {
    const fields = ['name', 'address', 'stack', 'audience', 'role', 'instance', 'clientId', 'file', 'reason', 'text'];
    const visit = (value: unknown, key = ''): unknown => {
      if (Array.isArray(value)) {
        return value.map((item) => visit(item, key === 'stacks' || key === 'otherAddresses' ? 'stack' : ''));
      }
      if (typeof value === 'object' && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([own, item]) => [own, visit(item, own)]));
      }
      return typeof value === 'string' && fields.includes(key) ? name : value;
    };
    return visit(review) as Review;
  }

  test.each([
    ...hostileNames(),
    ']]></svg><script>alert(1)</script>',
    '"><img src=x>',
    "' onload='x",
    '<!--',
    '\u0000',
  ])('%j is text', (name) => {
    expect(unexpected(htmlFormat.render(reviewOf(hostileStack(name))))).toEqual([]);
  });

  test('whatever they are, they add no element, no attribute and no link', () => {
    const reviews = Object.values(SCENARIOS).map((scenario) => reviewOf(scenario()));
    const piece = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '</title>',
      '</style>',
      '<script>',
      ']]>',
      '-->',
      '=',
      ' ',
      '`',
    );
    const name = fc
      .array(fc.oneof(piece, fc.string({ unit: 'binary' })), { minLength: 1 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...reviews), name, (review, text) => {
        expect(unexpected(htmlFormat.render(renamed(review, text)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('keep their letters and lose what turns a line around', () => {
    const page = htmlFormat.render(reviewOf(hostileStack('\u202Egold\u202C <b>"\'&amp;')));
    expect(rows(page, 'access-table')[1]?.[2]).toMatch(/^gold <b>"'&amp;/);
    expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
  });

  test.each([
    ['Orders', 'Orders'],
    ['contoso-orders-nightly-import-production', 'contoso-orde…t-production'],
    ['contoso-orders-nightly-import-staging', 'contoso-orde…port-staging'],
  ])('%s is drawn as %s: what tells names apart is often at their end', (name, drawn) => {
    expect(clip(name)).toBe(drawn);
  });

  test('are clipped in the drawing, with the whole name as its title', () => {
    const name = `${'客户端'.repeat(20)}`;
    const drawing = byId(htmlFormat.render(reviewOf(hostileStack(name))), 'graph-after')!;
    const texts = elements(drawing)
      .filter(({ tagName }) => tagName === 'text')
      .map(line);
    expect(texts).toContain(`${name.slice(0, 6)}…${name.slice(-6)}`);
    const titles = elements(drawing)
      .filter(({ tagName }) => tagName === 'title')
      .map(line);
    expect(titles).toContain(name);
  });
});

describe('the matrix', () => {
  test('has clients as rows and products as columns', () => {
    expect(rows(pageOf('several stacks'), 'matrix-table')).toEqual([
      ['Client', 'Gold', 'Starter'],
      ['Batch', '− losesconsumer', '+ gainsconsumer'],
      ['Contoso Partner', '− losesplatform', '✓ hasplatform'],
    ]);
  });

  test('shows environments side by side: one line for what has the same name in each', () => {
    const environment = (service: string) => {
      const plan = nativeStack();
      const text = plan.json().replaceAll('ref-apim', service);
      return { build: () => JSON.parse(text) as Record<string, unknown> } as ReturnType<typeof nativeStack>;
    };
    const page = htmlFormat.render(
      reviewOf({
        dev: environment('dev-apim'),
        test: nativeStack().deletes('azapi_resource.partner_grants["gold"]'),
      }),
    );
    expect(rows(page, 'matrix-table')).toEqual([
      ['Client', 'Gold', 'Starter'],
      ['Contoso Partner', '✓ hasdev− losestest', '✓ hasdev✓ hastest'],
    ]);
  });

  test('keeps two clients of one name in the same stack apart', () => {
    const plan = nativeStack()
      .exists('azapi_resource.twin', { values: client('twin', 'Contoso Partner'), expressions: {} })
      .creates('azapi_resource.twin_gold', { values: grant('twin', 'gold'), expressions: {} });
    const [, ...found] = rows(htmlFormat.render(reviewOf(plan)), 'matrix-table');
    expect(found.map(([, ...cells]) => cells).sort()).toEqual([
      ['+ gains', ''],
      ['✓ has', '✓ has'],
    ]);
    expect(new Set(found.map(([name]) => name)).size).toBe(2);
  });
});

describe('thousands of grants', () => {
  const review = reviewOf(manyGrants(400, 300, 3000));
  const page = htmlFormat.render(review);

  test('every change is in the table', () => {
    expect(rows(page, 'access-table')).toHaveLength(1 + review.access.length);
    expect(review.access.length).toBe(600);
  });

  test('the drawing shows as much as can be told apart, changes first, and says so', () => {
    for (const id of ['graph-before', 'graph-after']) {
      const found = elements(byId(page, id)!);
      expect(found.filter(({ tagName }) => tagName === 'path').length).toBeLessThanOrEqual(MAX_EDGES);
      expect(found.filter(({ tagName }) => tagName === 'rect').length).toBeLessThanOrEqual(2 * MAX_NODES);
    }
    const told = all(page, (element) => attribute(element, 'class') === 'left-out').map(line);
    expect(told[0]).toMatch(/^The picture shows \d+ of \d+ lines, those that change first; /);
  });

  test('the matrix is cut to what a browser can show, and says so', () => {
    const [head, ...body] = rows(page, 'matrix-table');
    expect(head).toHaveLength(1 + MAX_COLUMNS);
    expect(body).toHaveLength(MAX_ROWS);
    const told = all(page, (element) => attribute(element, 'class') === 'left-out').map(line);
    expect(told[1]).toMatch(/^Left out of this matrix: 200 clients and 240 products, those with the fewest changes\./);
  });
});

test('a picture of 300 clients shows every change, folded by what changes alike', () => {
  const review = reviewOf(manyGrants(300, 6, 1200));
  const { edges, shown, leftOut, clients } = selectGraph(review);
  const changes = review.grants.filter(({ change }) => change !== 'unchanged').length;

  expect(changes).toBeGreaterThan(200);
  expect(edges.filter(({ kind }) => kind !== 'kept').length).toBeGreaterThan(0);
  expect(shown).toBeGreaterThanOrEqual(changes);
  // ways in beside grants are lines too
  expect(shown + leftOut).toBe(review.grants.length + review.ways.flatMap(({ products }) => products).length);
  expect(clients.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^Client \d+ and \d+ more$/));
});
