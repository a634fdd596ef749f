/** A command and what it printed. */
export interface Shown {
  readonly command: string;
  readonly lines: readonly string[];
}

const [WIDTH_OF_CHARACTER, LINE_HEIGHT, SIZE, PADDING, TOP] = [7.83, 18, 13, 16, 44];
const LONGEST = 112;

/** Values that differ from run to run. What stands for them shows the shape. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '00000000-0000-0000-0000-000000000000'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '2026-01-01T00:00:00.000Z'],
  [/^( {2}(?:iat|nbf|exp) +)\d+/, '$11767225600'],
  [/^( {2}(?:aio|rh|uti) +)\S+/, '$1…'],
];

export function settled(line: string): string {
  return CHANGING.reduce((text, [pattern, value]) => text.replace(pattern, value), line.trimEnd());
}

/** A terminal as an SVG that needs nothing else: dark in itself, so that it reads on a light page and on a dark one. */
export function pictureOf(shown: readonly Shown[], title: string): string {
  const lines = shown.flatMap(({ command, lines: printed }, at) => [
    ...(at === 0 ? [] : ['']),
    ...command.split('\n').map((line) => (line.startsWith('#') ? comment(line) : prompt(line))),
    ...printed.flatMap((line) => wrapped(settled(line))).map(coloured),
  ]);
  const width = Math.ceil(LONGEST * WIDTH_OF_CHARACTER + 2 * PADDING);
  const height = TOP + lines.length * LINE_HEIGHT + PADDING;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, at) => `<circle cx="${20 + at * 20}" cy="18" r="6" fill="${colour}"/>`,
  );
  const rows = lines.flatMap((line, at) =>
    line === '' ? [] : [`<text x="${PADDING}" y="${TOP + at * LINE_HEIGHT + SIZE}">${line}</text>`],
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
text { font: ${SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #d4dae3; white-space: pre }
.prompt { fill: #7ee2a8 } .command { fill: #ffffff; font-weight: bold } .comment { fill: #9aa7b8 }
.good { fill: #7ee2a8 } .bad { fill: #ff8f8f; font-weight: bold } .skipped { fill: #e8c776 } .label { fill: #8fc7ff }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="#161b22" stroke="#5b6573"/>
${[...dots, ...rows].join('\n')}
</svg>
`;
}

/** Long lines continue below, as in a terminal of that width, but at a space and below where the text begins. */
function wrapped(line: string): string[] {
  const indentation = ' '.repeat(/^ {2}(?:came back|\S+) +/.exec(line)?.[0].length ?? 0);
  const rows: string[] = [];
  let rest = line;
  while (rest.length > LONGEST) {
    const at = rest.lastIndexOf(' ', LONGEST);
    if (at <= indentation.length) {
      break;
    }
    rows.push(rest.slice(0, at));
    rest = indentation + rest.slice(at + 1);
  }
  return [...rows, rest];
}

function prompt(line: string): string {
  return `<tspan class="prompt">$</tspan> <tspan class="command">${escaped(line)}</tspan>`;
}

function comment(line: string): string {
  return `<tspan class="comment">${escaped(line)}</tspan>`;
}

const CLASSES: readonly (readonly [RegExp, string])[] = [
  [/\bFAILED \d+|\b[\w-]+ failed$|\b[1-9]\d* failed\b/g, 'bad'],
  [/\bok\b|\b\d+ passed\b/g, 'good'],
  [/\bskipped\b( \d+)?|\b[1-9]\d* skipped\b/g, 'skipped'],
  [/^ {2}(expected|came back|because|declared|do)\b|^(application|product|scope|expires|claims|access)\b/g, 'label'],
];

function coloured(line: string): string {
  const isProse = /^skipped \d+: |^ {2}(because|do) /.test(line);
  const rules = isProse ? CLASSES.filter(([, name]) => name === 'label') : CLASSES;
  return rules.reduce(
    (text, [pattern, name]) => text.replace(pattern, (found) => `<tspan class="${name}">${found}</tspan>`),
    escaped(line),
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
