/**
 * What API Management makes of a policy that was written as `rawxml` when it is read as `xml`, as users of azurerm report
 * it: double quotes, entities for what needs them, tabs and line breaks of its own. Expressions are taken as they stand,
 * where a value or a text begins.
 */
export function asServed(raw: string): string {
  const reader = { at: 0 };
  const lines: string[] = [];
  const open: { name: string; hasElements: boolean }[] = [];
  const indented = (text: string) =>
    lines.push(`${lines.length === 0 ? '' : '\r\n'}${'\t'.repeat(open.length)}${text}`);
  const rest = () => raw.slice(reader.at);
  const take = (pattern: RegExp) => {
    const found = new RegExp(`^(?:${pattern.source})`, 'u').exec(rest());
    reader.at += found?.[0].length ?? 0;
    return found;
  };
  while (reader.at < raw.length) {
    const comment = take(/<!--[^]*?-->/);
    const end = comment === null ? take(/<\/([\w.:-]+)\s*>/) : null;
    const start = comment === null && end === null ? take(/<([\w.:-]+)/) : null;
    if (comment !== null) {
      indented(comment[0]);
    } else if (end !== null) {
      const closed = open.pop();
      if (closed?.name !== end[1]) {
        throw new Error(`</${end[1]}> was not open`);
      }
      if (closed.hasElements) {
        indented(`</${end[1]}>`);
      } else {
        lines.push(`</${end[1]}>`);
      }
    } else if (start !== null) {
      const attributes = takeAttributes(raw, reader);
      const [close] = take(/\s*\/?>/) ?? [undefined];
      if (close === undefined) {
        throw new Error(`<${start[1]} does not end at ${rest().slice(0, 40)}`);
      }
      for (const parent of open.slice(-1)) {
        parent.hasElements = true;
      }
      const isEmpty = close.trim() === '/>';
      indented(`<${start[1]}${attributes}${isEmpty ? ' />' : '>'}`);
      if (!isEmpty) {
        open.push({ name: start[1], hasElements: false });
      }
    } else {
      lines.push(takeText(raw, reader));
    }
  }
  if (open.length > 0) {
    throw new Error(`<${open[0].name}> does not end`);
  }
  return lines.join('');
}

interface Position {
  at: number;
}

function takeAttributes(raw: string, reader: Position): string {
  const written: string[] = [];
  for (;;) {
    const name = /^\s+([\w.:-]+)\s*=\s*(["'])/.exec(raw.slice(reader.at));
    if (name === null) {
      return written.join('');
    }
    reader.at += name[0].length;
    const isExpression = /^@[({]/.test(raw.slice(reader.at, reader.at + 2));
    const until = isExpression ? endOfExpression(raw, reader.at) : raw.indexOf(name[2], reader.at);
    const value = raw.slice(reader.at, until);
    if (raw[until] !== name[2] || (!isExpression && value.includes('<'))) {
      throw new Error(`a value does not end at ${raw.slice(reader.at, reader.at + 40)}`);
    }
    reader.at = until + 1;
    const encoded = encode(isExpression ? value : decode(value, XML)).replace(/"/g, '&quot;');
    written.push(` ${name[1]}="${encoded.replace(/\r/g, '&#xD;').replace(/\n/g, '&#xA;')}"`);
  }
}

function takeText(raw: string, reader: Position): string {
  const blanks = /^\s*/.exec(raw.slice(reader.at))![0].length;
  const start = reader.at + blanks;
  if (/^@[({]/.test(raw.slice(start, start + 2))) {
    const end = endOfExpression(raw, start);
    const next = raw.indexOf('<', end);
    if (raw.slice(end, next).trim() !== '') {
      throw new Error('text after an expression');
    }
    reader.at = next;
    return encode(raw.slice(start, end));
  }
  const end = raw.indexOf('<', reader.at);
  if (end === reader.at) {
    throw new Error(`what is ${raw.slice(reader.at, reader.at + 20)}`);
  }
  const text = raw.slice(reader.at, end < 0 ? undefined : end);
  reader.at += text.length;
  return text.trim() === '' ? '' : encode(decode(text, XML));
}

/** Strings, characters and comments of C#, in which brackets are text. */
const OPAQUE = [
  /^\$?@"(?:""|[^"])*"/,
  /^\$?"(?:\\[^]|[^"\\])*"/,
  /^'(?:\\[^]|[^'\\])'/,
  /^\/\/[^\n]*/,
  /^\/\*[^]*?\*\//,
];

function endOfExpression(raw: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < raw.length; at += 1) {
    const opaque = OPAQUE.map((pattern) => pattern.exec(raw.slice(at))?.[0]).find((text) => text !== undefined);
    if (opaque !== undefined) {
      at += opaque.length - 1;
      continue;
    }
    depth += '({'.includes(raw[at]) ? 1 : ')}'.includes(raw[at]) ? -1 : 0;
    if (depth === 0) {
      return at + 1;
    }
  }
  throw new Error('an expression does not end');
}

const XML: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** A few of the entities that HTML has and XML has not. */
const HTML: Record<string, string> = { ...XML, copy: '©', nbsp: '\u00a0', eacute: 'é' };

function decode(text: string, names: Record<string, string>): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (entity, hexadecimal, decimal, name: string) => {
    const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal, 16);
    return name === undefined ? String.fromCodePoint(code) : (names[name] ?? entity);
  });
}

function encode(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * Whether azurerm sees no difference between a policy as it was read and as it is to be written: it decodes what it read,
 * takes the blanks out of both and replaces five entities, one after the other. (Two well-formed documents that a parser
 * reads alike are the same to it as well, which is not needed here.)
 */
export function isClean(served: string, written: string): boolean {
  return comparable(decode(served, HTML)) === comparable(written);
}

function comparable(text: string): string {
  return [
    ['&quot;', '"'],
    ['&gt;', '>'],
    ['&lt;', '<'],
    ['&amp;', '&'],
    ['&apos;', "'"],
  ].reduce((all, [entity, character]) => all.replaceAll(entity, character), text.replace(/[\n\r\t ]/g, ''));
}
