import { label } from '../formats/mermaid';
import { clean } from '../message';
import { fold } from './fold';
import { COLUMN_TITLES, COLUMNS, type Column, type Picture, type PictureNode } from './model';

const SHAPES: Readonly<Record<Column, readonly [string, string]>> = {
  owner: ['>', ']'],
  client: ['([', '])'],
  product: ['[', ']'],
  api: ['[[', ']]'],
};

/** Beyond this Mermaid's renderers refuse a graph or make it unreadable. */
const MOST_ROWS = 25;

/** The picture as a flowchart of Mermaid, for Markdown that renders it. */
export function mermaid(picture: Picture): string {
  const { nodes, edges } = fold(picture, MOST_ROWS);
  const ids = new Map(nodes.map(({ key }, index) => [key, `n${index}`]));
  const lines = COLUMNS.flatMap((column) => {
    const inColumn = nodes.filter((node) => node.column === column);
    return inColumn.length === 0
      ? []
      : [
          `  subgraph ${column}s["${COLUMN_TITLES[column]}"]`,
          ...inColumn.map((node) => `    ${ids.get(node.key) ?? ''}${shape(node)}`),
          '  end',
        ];
  });
  const arrows = edges.map(
    ({ from, to, count }) => `  ${ids.get(from) ?? ''} -->${count > 1 ? `|${count}|` : ''} ${ids.get(to) ?? ''}`,
  );
  const alarming = nodes.filter((node) => node.alarming).map(({ key }) => ids.get(key) ?? '');
  return [
    'flowchart LR',
    ...lines,
    ...arrows,
    ...(alarming.length === 0
      ? []
      : ['  classDef alarming stroke:#b3261e,stroke-width:3px', `  class ${alarming.join(',')} alarming`]),
    '',
  ].join('\n');
}

function shape({ column, name, details }: PictureNode): string {
  const [open, close] = SHAPES[column];
  const text = [name, ...details].map((line) => label(clean(line))).join('<br>');
  return `${open}"${text}"${close}`;
}
