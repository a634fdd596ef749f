import { Access, accessOf } from './access';
import { inventoryOf, Kind } from './inventory';
import { Stack } from './synthesis';

/** How the text is shown. */
export interface Display {
  readonly columns: number;
  /** Renders a heading. */
  heading(text: string): string;
}

/** Applications that a table shows before it says how many more there are. */
const MOST_APPLICATIONS = 40;

/** All that the person is told. `outdir` is as they would type it. */
export function summaryOf(stacks: readonly Stack[], outdir: string, display: Display, picture?: string): string {
  const count = stacks.length === 1 ? '1 stack' : `${stacks.length} stacks`;
  const sections = [
    [`Synthesized ${count} to ${outdir}/.`],
    ...stacks.map((stack) => stackSection(stack, outdir, display)),
    ...(picture === undefined ? [] : [[`Picture of the access: ${picture}`]]),
    nextSection(stacks, outdir, display),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function stackSection(stack: Stack, outdir: string, display: Display): string[] {
  const inventory = inventoryOf(stack.terraform);
  const kinds: [string, Kind[]][] = [
    ['resources', inventory.resources],
    ['data sources', inventory.dataSources],
    ['ephemeral', inventory.ephemeral],
  ];
  const checks: [string, string][] = inventory.checks > 0 ? [['checks', String(inventory.checks)]] : [];
  const rows = [
    ...kinds.filter(([, list]) => list.length > 0).flatMap(([title, list]) => kindRows(title, list)),
    ...checks,
  ];
  return [
    display.heading(`Stack ${shown(stack.name)}`),
    ...columns(rows.map(([label, number]) => [`  ${label}`, number])),
    '',
    ...accessLines(accessOf(stack.terraform), display),
    '',
    `  File: ${outdir}/${stack.file}`,
  ];
}

function kindRows(title: string, kinds: readonly Kind[]): [string, string][] {
  const total = kinds.reduce((sum, kind) => sum + kind.objects, 0);
  const open = kinds.some((kind) => kind.open);
  return [
    [title, `${total}${open ? '+' : ''}`],
    ...kinds.map((kind): [string, string] => [`  ${kind.label}`, `${kind.objects}${note(kind)}`]),
  ];
}

function note({ blocks, objects, open }: Kind): string {
  if (open) {
    return '+  (by for_each)';
  }
  return blocks === objects ? '' : `  (${blocks} ${blocks === 1 ? 'block' : 'blocks'} with for_each)`;
}

function accessLines(access: Access, { columns: width }: Display): string[] {
  if (access.applications.length === 0) {
    return ['  Access: no application is granted a product here.'];
  }
  const listed = access.applications.slice(0, MOST_APPLICATIONS);
  const rest = access.applications.length - listed.length;
  const table = columns([
    ['  Access', ...access.products.map(shown)],
    ...listed.map(({ name, products }) => [
      `  ${shown(name)}`,
      ...access.products.map((product) => (products.has(product) ? 'yes' : '-')),
    ]),
  ]);
  const fits = table.every((line) => line.length <= width);
  const lines = fits
    ? table
    : [
        '  Access',
        ...listed.flatMap(({ name, products }) => [`  ${shown(name)}`, ...wrapped([...products].map(shown), width)]),
      ];
  return rest > 0 ? [...lines, `  and ${rest} more ${rest === 1 ? 'application' : 'applications'}`] : lines;
}

function wrapped(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [at, name] of names.entries()) {
    const piece = at < names.length - 1 ? `${name},` : name;
    const line = lines[lines.length - 1];
    if (line !== undefined && line.length + 1 + piece.length <= width) {
      lines[lines.length - 1] = `${line} ${piece}`;
    } else {
      lines.push(`    ${piece}`);
    }
  }
  return lines;
}

function nextSection(stacks: readonly Stack[], outdir: string, display: Display): string[] {
  const ordered = inDeploymentOrder(stacks);
  const names = ordered.map(({ name }) => argument(name)).join(' ');
  // cdktf would synthesize the program of cdktf.json again, which need not be the one that wrote another directory.
  const where = outdir === 'cdktf.out' ? '' : `--skip-synth --output ${argument(outdir)} `;
  return [
    display.heading('Next'),
    `  npx cdktf-cli@0.21 deploy ${where}${names}`,
    stacks.length === 1 ? 'or with Terraform alone' : 'or with Terraform alone, in this order',
    ...ordered.map(({ directory }) => `  ${terraformIn(`${outdir}/${directory}`, stacks.length > 1)}`),
  ];
}

/** In a shell of its own where another directory follows. */
function terraformIn(directory: string, another: boolean): string {
  const command = `cd ${argument(directory)} && terraform init && terraform plan`;
  return another ? `(${command})` : command;
}

/** A stack comes after those that it depends on. */
function inDeploymentOrder(stacks: readonly Stack[]): Stack[] {
  const ordered = new Set<Stack>();
  const visit = (stack: Stack, seen: readonly Stack[]): void => {
    if (seen.includes(stack)) {
      return;
    }
    for (const other of stacks) {
      if (stack.dependencies.includes(other.name)) {
        visit(other, [...seen, stack]);
      }
    }
    ordered.add(stack);
  };
  for (const stack of stacks) {
    visit(stack, []);
  }
  return [...ordered];
}

/** Left-aligned columns as wide as they must be. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at]))
      .join('  ')
      .trimEnd(),
  );
}

/** A name as one line of text, whatever it holds. */
function shown(name: string): string {
  return name.replace(/\p{Cc}+/gu, ' ');
}

function argument(text: string): string {
  return /^[\w./@:-]+$/.test(text) ? text : `'${shown(text).replace(/'/g, "'\\''")}'`;
}
