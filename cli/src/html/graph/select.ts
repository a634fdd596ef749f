import type { AccessChange, Review } from '../../model';
import { fold, type Candidate, type Folded } from './fold';

/** More than this is no picture any more. */
export const MAX_EDGES = 60;
export const MAX_NODES = 24;

export interface Node {
  readonly key: string;
  readonly name: string;
  readonly before: boolean;
  readonly after: boolean;
}

export type EdgeKind = 'kept' | 'gained' | 'lost' | 'interrupted' | 'opened' | 'open' | 'closed' | 'way' | 'way-closed';

export interface Edge {
  readonly client: string;
  readonly product: string;
  readonly kind: EdgeKind;
}

export interface Graph {
  readonly clients: readonly Node[];
  readonly products: readonly Node[];
  readonly edges: readonly Edge[];
  /** How many grants, open products and ways in the lines represent. */
  readonly shown: number;
  /** How many are not drawn. */
  readonly leftOut: number;
}

/** Anyone who reaches an open product: no client of any plan has this key. */
export const ANYONE = 'anyone';

const KINDS: Readonly<Record<AccessChange, EdgeKind>> = {
  gained: 'gained',
  lost: 'lost',
  interrupted: 'interrupted',
  kept: 'kept',
  imported: 'kept',
  unchanged: 'kept',
};

/** What is drawn: open products, then grants and ways in that change, then as many others as a reader can distinguish. */
export function selectGraph(review: Review): Graph {
  const { clients, products } = review;
  const chosen: Edge[] = [];
  const names = new Map<string, Map<string, string>>([
    ['clients', new Map()],
    ['products', new Map()],
  ]);
  const place = (side: 'clients' | 'products', key: string, name: string): boolean => {
    const known = names.get(side) ?? new Map<string, string>();
    if (!known.has(key) && known.size >= MAX_NODES) {
      return false;
    }
    known.set(key, name);
    return true;
  };
  const { lines, hidden } = drawable(review);
  let [shown, leftOut] = [0, hidden];
  for (const { edge, clientName, productName, stands } of lines) {
    const fits =
      chosen.length < MAX_EDGES &&
      place('products', edge.product, productName) &&
      place('clients', edge.client, clientName);
    if (fits) {
      chosen.push(edge);
      shown += stands;
    } else {
      leftOut += stands;
    }
  }
  const used = new Set(chosen.flatMap(({ client, product }) => [`c ${client}`, `p ${product}`]));
  const existence = new Map<string, { before: boolean; after: boolean }>([
    ...clients.map(({ key, before, after }) => [`c ${key}`, { before, after }] as const),
    ...products.map(
      ({ key, before, after }) => [`p ${key}`, { before: before !== undefined, after: after !== undefined }] as const,
    ),
  ]);
  const nodes = (side: 'clients' | 'products', prefix: string): readonly Node[] =>
    [...(names.get(side) ?? [])].flatMap(([key, name]) =>
      used.has(`${prefix} ${key}`)
        ? [{ key, name, ...(existence.get(`${prefix} ${key}`) ?? { before: true, after: true }) }]
        : [],
    );
  return { clients: nodes('clients', 'c'), products: nodes('products', 'p'), edges: chosen, shown, leftOut };
}

/**
 * Where not all lines fit, what changes is folded apart from what stays: a client is then joined with those that have the
 * same changes, whatever else they have. The matrix shows which of those stay.
 */
function drawable(review: Review): { readonly lines: readonly Folded[]; readonly hidden: number } {
  const all = candidates(review);
  const together = fold(all);
  if (together.length === all.length) {
    return { lines: together, hidden: 0 };
  }
  const isKept = ({ edge }: Candidate): boolean => edge.kind === 'kept';
  const changing = all.filter((candidate) => !isKept(candidate));
  const changed = new Set(changing.map(({ edge }) => edge.client));
  const staying = all.filter(isKept);
  const unchanged = staying.filter(({ edge }) => !changed.has(edge.client));
  return { lines: [...fold(changing), ...fold(unchanged)], hidden: staying.length - unchanged.length };
}

function candidates({ grants, products, ways }: Review): readonly Candidate[] {
  const open = products.flatMap(({ key, name, before, after }): Candidate[] => {
    const [was, is] = [before?.open === 'yes', after?.open === 'yes'];
    return was || is
      ? [
          {
            edge: { client: ANYONE, product: key, kind: was && is ? 'open' : is ? 'opened' : 'closed' },
            clientName: 'Anyone',
            productName: name,
          },
        ]
      : [];
  });
  const granted = grants.map(({ client, product, change }): Candidate => ({
    edge: { client: client.key, product: product.key, kind: KINDS[change] },
    clientName: client.name,
    productName: product.name,
  }));
  const besides = ways.flatMap(({ who, change, products: reached }) =>
    reached.map((product): Candidate => ({
      edge: { client: who.key, product: product.key, kind: change === 'made' ? 'way' : 'way-closed' },
      clientName: who.name,
      productName: product.name,
    })),
  );
  return [
    ...open.filter(({ edge }) => edge.kind !== 'open'),
    ...granted.filter(({ edge }) => edge.kind !== 'kept'),
    ...besides,
    ...open.filter(({ edge }) => edge.kind === 'open'),
    ...granted.filter(({ edge }) => edge.kind === 'kept'),
  ];
}
