import Table from 'cli-table3';
import { clean } from '../message';
import { code } from '../formats/markdown-text';
import type { Credential } from './model';
import type { Inventory, InventoryProduct } from './inventory';

interface Section {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function sections({ instance, products, clients, problems, unread }: Inventory): readonly Section[] {
  const all: Section[] = [
    {
      title: 'Instance',
      head: ['Name', 'Identity', 'Directory roles'],
      rows: [
        [
          instance.id.split('/').at(-1) ?? '',
          instance.principalId ?? 'none',
          instance.directoryRoles === undefined ? 'not read' : instance.directoryRoles.join(', ') || 'none',
        ],
      ],
    },
    {
      title: 'Products',
      head: ['Id', 'Name', 'State', 'Callers need', 'Registration', 'Roles', 'APIs', 'Groups'],
      rows: products.map((product) => [
        product.id,
        product.displayName,
        product.state,
        product.open ? 'nothing: open' : callersNeed(product),
        product.registration === undefined
          ? '-'
          : `${product.registration.owner === 'apim' ? 'API Management' : 'other'}${product.registration.assignmentRequired === true ? ', assignment required' : ''}`,
        product.registration?.appRoles.join(', ') ?? '-',
        product.apis.join(', ') || '-',
        product.groups.join(', ') || '-',
      ]),
    },
    {
      title: 'Clients',
      head: ['Name', 'Kind', 'Client id', 'Owner', 'State', 'Products', 'Credentials'],
      rows: clients.map((client) => [
        client.displayName,
        client.kind,
        client.clientId,
        client.owner ?? '-',
        client.state ?? '-',
        client.products.join(', ') || '-',
        client.credentials.map(inWords).join(', ') || '-',
      ]),
    },
    {
      title: 'Problems',
      head: ['Kind', 'Of', 'What'],
      rows: problems.map(({ kind, subject, message }) => [kind, subject, message]),
    },
    { title: 'Not read', head: ['Part', 'Needs'], rows: unread.map(({ part, needs }) => [part, needs]) },
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

function callersNeed({ authenticationType, enforcedBy, subscriptionRequired }: InventoryProduct): string {
  if (enforcedBy === 'policy') {
    return 'token, by policy';
  }
  if (enforcedBy === undefined && !subscriptionRequired) {
    return 'not known: its policy';
  }
  return authenticationType.map((type) => (type === 'application-token' ? 'token' : 'key')).join(' or ');
}

function inWords({ kind, name, expiresOn }: Credential): string {
  return `${kind}${name === undefined ? '' : ` ${name}`}${expiresOn === undefined ? '' : ` until ${expiresOn.slice(0, 10)}`}`;
}

/** Tables for a terminal. */
export function table(inventory: Inventory): string {
  return sections(inventory)
    .map(({ title, head, rows }) => {
      const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true }, wordWrap: false });
      rows.forEach((row) => drawn.push(row.map(clean)));
      return `${title}\n${drawn.toString()}\n`;
    })
    .join('\n');
}

/** Tables for Markdown. */
export function markdown(inventory: Inventory): string {
  return sections(inventory)
    .map(({ title, head, rows }) =>
      [
        `## ${title}`,
        '',
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((row) => `| ${row.map((text) => code(clean(text))).join(' | ')} |`),
        '',
      ].join('\n'),
    )
    .join('\n');
}
