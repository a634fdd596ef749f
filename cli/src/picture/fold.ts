import { grouped } from '../grouped';
import { COLUMNS, type Column, type Picture, type PictureEdge, type PictureNode } from './model';

/** More boxes than this in one column are no picture any more. */
export const MOST_ROWS = 40;

interface Links {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
}

type Likeness = (node: PictureNode, links: Links) => string;

const details = (node: PictureNode): string => JSON.stringify([node.details, node.alarming]);
const ends = (sides: ReadonlyMap<string, readonly string[]>, { key }: PictureNode): string =>
  JSON.stringify([...(sides.get(key) ?? [])].sort());

/** What counts as alike, from what differs in name only to what merely reaches the same. */
const STEPS: readonly Readonly<Partial<Record<Column, Likeness>>>[] = [
  {
    client: (node, { before, after }) => details(node) + ends(before, node) + ends(after, node),
    api: (node, { before }) => ends(before, node),
  },
  {
    client: (node, { after }) => details(node) + ends(after, node),
    owner: (node, { after }) => ends(after, node),
  },
  { product: (node, { before, after }) => details(node) + ends(before, node) + ends(after, node) },
  { client: (node, { after }) => ends(after, node), owner: (node, { after }) => ends(after, node) },
];

const NOUNS: Readonly<Record<Column, string>> = {
  owner: 'owners',
  client: 'applications',
  product: 'products',
  api: 'APIs',
};

/** The picture with what is alike folded into one box, as little as it takes for every column to be legible. */
export function fold(picture: Picture, mostRows = MOST_ROWS): Picture {
  let folded = foldAlike(picture, COLUMNS, mostRows);
  if (rows(folded, 'client') > mostRows) {
    folded = byOwner(picture, mostRows) ?? folded;
  }
  for (const column of COLUMNS) {
    if (rows(folded, column) > mostRows) {
      folded = foldRest(folded, column, mostRows);
    }
  }
  return folded;
}

function foldAlike(picture: Picture, columns: readonly Column[], mostRows: number): Picture {
  let folded = picture;
  for (const step of STEPS) {
    for (const column of columns) {
      const likeness = step[column];
      if (likeness !== undefined && rows(folded, column) > mostRows) {
        folded = foldColumn(folded, column, likeness);
      }
    }
  }
  return folded;
}

/** Where hardly any applications are alike: a box for those of each owner. Undefined where there is no owner. */
function byOwner(picture: Picture, mostRows: number): Picture | undefined {
  if (rows(picture, 'owner') === 0) {
    return undefined;
  }
  // one row is left for the applications that have no owner
  const owners = rows(picture, 'owner') < mostRows ? picture : foldRest(picture, 'owner', mostRows - 1);
  const folded = foldColumn(owners, 'client', (node, { before }) => ends(before, node));
  return foldAlike(folded, ['product', 'api'], mostRows);
}

function rows({ nodes }: Picture, column: Column): number {
  return nodes.filter((node) => node.column === column).length;
}

function foldColumn(picture: Picture, column: Column, likeness: Likeness): Picture {
  const links = linksOf(picture);
  const groups = grouped(
    picture.nodes.filter((node) => node.column === column),
    (node) => likeness(node, links),
  );
  return merged(
    picture,
    [...groups.values()].filter(({ length }) => length > 1),
  );
}

/** Keeps the boxes with most members or most lines, and what is alarming; one box represents the rest. */
function foldRest(picture: Picture, column: Column, mostRows: number): Picture {
  const { before, after } = linksOf(picture);
  const weight = (node: PictureNode): number =>
    (node.alarming ? 1e6 : 0) +
    node.members.length +
    (before.get(node.key)?.length ?? 0) +
    (after.get(node.key)?.length ?? 0);
  const nodes = picture.nodes
    .filter((node) => node.column === column)
    .map((node, index) => ({ node, index, weight: weight(node) }))
    .sort((one, other) => other.weight - one.weight || one.index - other.index)
    .map(({ node }) => node);
  return merged(picture, [nodes.slice(mostRows - 1)], 'other ');
}

function merged(picture: Picture, groups: readonly (readonly PictureNode[])[], which = ''): Picture {
  const replaced = new Map<string, PictureNode>();
  for (const group of groups) {
    const [first] = group;
    if (first === undefined) {
      continue;
    }
    const members = group.flatMap((node) => node.members);
    const alike = (index: number): string[] => {
      const texts = new Set(group.map((node) => node.details[index] ?? ''));
      const [text = ''] = texts;
      return texts.size === 1 && text !== '' ? [text] : [];
    };
    const node: PictureNode = {
      key: first.key,
      column: first.column,
      name: `${members.length} ${which}${NOUNS[first.column]}`,
      details: [which === '' ? `such as ${members[0] ?? ''}` : '', ...alike(0)].filter((text) => text !== ''),
      alarming: group.some(({ alarming }) => alarming),
      members,
      ...(which === '' ? {} : { rest: true as const }),
    };
    group.forEach(({ key }) => replaced.set(key, node));
  }
  const nodes = [...new Set(picture.nodes.map((node) => replaced.get(node.key) ?? node))];
  return { ...picture, nodes, edges: mergedEdges(picture.edges, replaced) };
}

function mergedEdges(
  edges: readonly PictureEdge[],
  replaced: ReadonlyMap<string, PictureNode>,
): readonly PictureEdge[] {
  const found = new Map<string, PictureEdge>();
  for (const edge of edges) {
    const from = replaced.get(edge.from)?.key ?? edge.from;
    const to = replaced.get(edge.to)?.key ?? edge.to;
    const key = JSON.stringify([from, to]);
    found.set(key, { from, to, count: (found.get(key)?.count ?? 0) + edge.count });
  }
  return [...found.values()];
}

export function linksOf({ edges }: Picture): Links {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, value: string): void => {
    const known = map.get(key);
    if (known === undefined) {
      map.set(key, [value]);
    } else {
      known.push(value);
    }
  };
  for (const { from, to } of edges) {
    add(after, from, to);
    add(before, to, from);
  }
  return { before, after };
}
