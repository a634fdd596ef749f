export const COLUMNS = ['owner', 'client', 'product', 'api'] as const;
export type Column = (typeof COLUMNS)[number];

export const COLUMN_TITLES: Readonly<Record<Column, string>> = {
  owner: 'Owners',
  client: 'Applications',
  product: 'Products',
  api: 'APIs',
};

export interface PictureNode {
  readonly key: string;
  readonly column: Column;
  readonly name: string;
  /** Short lines below the name, at most two. */
  readonly details: readonly string[];
  /** Something about it is wrong or dangerous. */
  readonly alarming: boolean;
  /** Names of all that the node represents; just its own where nothing is folded. */
  readonly members: readonly string[];
  /** Represents what is left of its column, which need not be alike. */
  readonly rest?: true;
}

/** Always from one column to the next. */
export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  /** How many lines it represents. */
  readonly count: number;
}

/** Who owns which application, which may call which product, which gives access to which API. */
export interface Picture {
  readonly title: string;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  /** Sentences below the picture. */
  readonly notes: readonly string[];
}
