import { counted } from '../message';
import type { Grant, Review } from '../model';

/** More than this is no picture any more. */
export const MAX_EDGES = 40;

const ARROWS: Readonly<Record<Grant['change'], string>> = {
  gained: '==>|gains|',
  lost: '-.->|loses|',
  interrupted: '-.->|interrupted|',
  kept: '-->|keeps|',
  imported: '-->|has already|',
  unchanged: '-->',
};

/** Clients and products as a flowchart of Mermaid; undefined where there are none, or too many to see. */
export function accessGraph({ grants, unjudged, ways }: Review): string | undefined {
  const besides = ways.flatMap(({ who, change, products }) => products.map((product) => ({ who, change, product })));
  if (grants.length + besides.length === 0 || grants.length + besides.length > MAX_EDGES) {
    return undefined;
  }
  const clients = numbered([...grants.map(({ client }) => client), ...besides.map(({ who }) => who)]);
  const products = numbered([...grants, ...besides].map(({ product }) => product));
  const lines = [
    'flowchart LR',
    ...(unjudged.length === 0
      ? []
      : [`  u>"Not judged, and not in this picture: ${counted(unjudged.length, 'change')}"]`]),
    ...[...clients.values()].map(({ id, name }) => `  c${id}(["${label(name)}"])`),
    ...[...products.values()].map(({ id, name }) => `  p${id}["${label(name)}"]`),
    ...grants.map(
      ({ client, product, change }) =>
        `  c${clients.get(client.key)?.id ?? 0} ${ARROWS[change]} p${products.get(product.key)?.id ?? 0}`,
    ),
    ...besides.map(
      ({ who, change, product }) =>
        `  c${clients.get(who.key)?.id ?? 0} -.->|${change === 'made' ? 'gets a way in' : 'no way in any more'}| p${products.get(product.key)?.id ?? 0}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function numbered(
  named: readonly { readonly key: string; readonly name: string }[],
): Map<string, { id: number; name: string }> {
  const found = new Map<string, { id: number; name: string }>();
  for (const { key, name } of named) {
    if (!found.has(key)) {
      found.set(key, { id: found.size, name });
    }
  }
  return found;
}

/** Mermaid writes characters by their number as `#35;`, without the ampersand of HTML. */
export function label(text: string): string {
  const short = [...text].length > 60 ? `${[...text].slice(0, 59).join('')}…` : text;
  return short.replace(/[^\p{L}\p{N} .,:/()-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
