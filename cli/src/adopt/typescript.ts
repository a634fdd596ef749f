/** Lines are broken where the project's formatter breaks them. */
const WIDTH = 120;

/** What nobody sees, and what turns a line around. */
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A text as a string of TypeScript. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(INVISIBLE, unicode);
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`;
}

/** Whether a property can be written without quotes. */
export function isName(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}

/** A text of several lines, each as it is. */
export function template(text: string): string {
  return `\`${text
    .replaceAll(/[\\`]|\$(?=\{)/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll(INVISIBLE, unicode)}\``;
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A list as an expression of TypeScript; on several lines if it is too long for one. */
export function array(items: readonly string[], indent: string): string {
  const line = `[${items.join(', ')}]`;
  if (indent.length + line.length <= WIDTH - 20) {
    return line;
  }
  return `[\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent}]`;
}

/** `call(first, second);`, in lines of its own where it is too long. */
export function call(callee: string, args: readonly string[], indent = ''): string {
  const line = `${indent}${callee}(${args.join(', ')});`;
  if (line.length <= WIDTH || args.length === 1) {
    return line;
  }
  return `${indent}${callee}(\n${args.map((argument) => `${indent}  ${argument},\n`).join('')}${indent});`;
}

export type Prop = readonly [name: string, expression: string];

/** An object with a line for each prop; `name` alone where the expression is the name. */
export function object(props: readonly Prop[], indent: string): string {
  const lines = props.map(([name, expression]) => {
    const line = `${indent}  ${name === expression ? name : `${name}: ${expression}`},\n`;
    return line.length - 1 <= WIDTH || !/^['"]/.test(expression)
      ? line
      : `${indent}  ${name}:\n${indent}    ${expression},\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** A construct in the stack; an id in `${}` is an expression. */
export function declaration(target: string, id: string, props: readonly Prop[], indent = ''): string {
  const name = id.startsWith('${') ? id.slice(2, -1) : quoted(id);
  const start = `${indent}${target}(stack, ${name}, {`;
  if (start.length <= WIDTH) {
    return `${indent}${target}(stack, ${name}, ${object(props, indent)});`;
  }
  const deeper = `${indent}  `;
  const moved = props.map(([prop, expression]): Prop => [prop, expression.replaceAll('\n', '\n  ')]);
  return `${indent}${target}(\n${deeper}stack,\n${deeper}${name},\n${deeper}${object(moved, deeper)},\n${indent});`;
}
