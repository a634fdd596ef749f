import { counted } from '../../message';
import type { Review } from '../../model';
import type { Section } from '../findings';
import { html, type Html } from '../html';
import { named } from '../names';
import { scrolling } from '../table';
import { drawing } from './draw';
import { layOut } from './layout';
import { selectGraph, type Edge, type EdgeKind, type Graph } from './select';

const SIDES = [
  { side: 'before', title: 'Before' },
  { side: 'after', title: 'After' },
] as const;

/** Who reaches what, before and after, as two pictures of the same layout and in words. */
export function graphSection(review: Review): readonly Section[] {
  const graph = selectGraph(review);
  if (graph.edges.length === 0) {
    return [];
  }
  const layout = layOut(graph);
  const isChanged = graph.edges.some(({ kind }) => kind !== 'kept' && kind !== 'open');
  const body = html`${
      graph.leftOut === 0
        ? ''
        : html`<p class="left-out">
            The picture shows ${graph.shown} of ${graph.shown + graph.leftOut} lines, those that change first; the
            others would make it unreadable. The table of access has every change, the JSON review every grant.
          </p> `
    }
    <div class="panels">
      ${SIDES.filter(({ side }) => isChanged || side === 'after').map(
        ({ side, title }) =>
          html`<figure>
            <figcaption id="graph-${side}-caption">${isChanged ? title : 'Before and after alike'}</figcaption>
            ${scrolling(`graph graph-${side}-caption`, drawing(layout, side, description(graph, side)))}
          </figure> `,
      )}
    </div>
    ${legend(graph)}
    <details>
      <summary>The picture in words</summary>
      <ul>
        ${graph.edges.map((edge) => inWords(graph, edge))}
      </ul>
    </details>`;
  return [{ id: 'graph', title: 'Access before and after', body }];
}

const BEFORE: readonly EdgeKind[] = ['kept', 'lost', 'interrupted', 'open', 'closed', 'way-closed'];
const AFTER: readonly EdgeKind[] = ['kept', 'gained', 'interrupted', 'open', 'opened', 'way'];

function description({ clients, products, edges }: Graph, side: 'before' | 'after'): string {
  const number = (kinds: readonly EdgeKind[]): number => edges.filter(({ kind }) => kinds.includes(kind)).length;
  const total = number(side === 'before' ? BEFORE : AFTER);
  const notable: readonly (readonly [number, string])[] =
    side === 'before'
      ? [
          [number(['lost', 'closed']), 'lost'],
          [number(['way-closed']), 'ways in beside grants'],
          [number(['interrupted']), 'interrupted'],
        ]
      : [
          [number(['gained']), 'gained'],
          [number(['way']), 'ways in beside grants'],
          [number(['interrupted']), 'interrupted'],
          [number(['opened', 'open']), 'open to anyone'],
        ];
  const told = notable.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `${counted(clients.length, 'client')}, ${counted(products.length, 'product')}, ${counted(total, 'line')}${
    told.length === 0 ? '' : ` of which ${told.join(', ')}`
  }; the same in words below`;
}

const LEGEND: readonly { readonly kinds: readonly EdgeKind[]; readonly className: EdgeKind; readonly text: string }[] =
  [
    { kinds: ['kept'], className: 'kept', text: 'stays' },
    { kinds: ['gained'], className: 'gained', text: '+ gained' },
    { kinds: ['lost', 'closed'], className: 'lost', text: '− lost' },
    { kinds: ['interrupted'], className: 'interrupted', text: '± interrupted' },
    { kinds: ['way', 'way-closed'], className: 'way', text: '? way in beside a grant' },
    { kinds: ['opened', 'open'], className: 'opened', text: '! open to anyone' },
  ];

/** Only what the picture shows. */
function legend({ edges }: Graph): Html {
  return html`<ul class="legend" aria-label="Legend">
    ${LEGEND.filter(({ kinds }) => edges.some(({ kind }) => kinds.includes(kind))).map(
      ({ className, text }) =>
        html`<li>
          <svg class="key" aria-hidden="true" viewBox="0 0 36 10" width="36" height="10">
            <path class="edge ${className}" d="M0 5H36" />
          </svg>
          ${text}
        </li> `,
    )}
  </ul>`;
}

const WORDS: Readonly<Record<EdgeKind, string>> = {
  kept: 'keeps',
  gained: 'gains',
  lost: 'loses',
  interrupted: 'loses and gets again',
  opened: 'can call from now on, without token or key,',
  open: 'can call, without token or key,',
  way: 'gets a way, without a grant, to',
  'way-closed': 'no longer has a way, without a grant, to',
  closed: 'can no longer call, without token or key,',
};

function inWords({ clients, products }: Graph, { client, product, kind }: Edge): Html {
  const name = (nodes: Graph['clients'], wanted: string): string => nodes.find(({ key }) => key === wanted)?.name ?? '';
  return html`<li>${named(name(clients, client))} ${WORDS[kind]} ${named(name(products, product))}</li> `;
}
