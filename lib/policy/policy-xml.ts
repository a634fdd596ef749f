import { Token } from 'cdktf';

/** One element of a policy document. Attribute values and text are escaped when it is written. */
export interface PolicyElement {
  readonly name: string;
  readonly attributes?: { [name: string]: string | undefined };
  readonly children?: readonly PolicyElement[];
  readonly text?: string;
  /** Instead of all that: XML that stands as it is. */
  readonly xml?: string;
}

const ENTITIES: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;' };

/**
 * Attribute values stand in single quotes, so that the double quotes of policy expressions stay as they are: API
 * Management reads expressions from the document as it is sent.
 */
function attribute(name: string, value: string): string {
  return ` ${name}='${value.replace(/[&<>']/g, (character) => ENTITIES[character])}'`;
}

function text(value: string): string {
  return value.replace(/[&<>]/g, (character) => ENTITIES[character]);
}

/** A policy element as XML, indented. */
export function policyXml(element: PolicyElement, indent = ''): string {
  if (element.xml !== undefined) {
    return element.xml;
  }
  const attributes = Object.entries(element.attributes ?? {})
    .map(([name, value]) => (value === undefined ? '' : attribute(name, value)))
    .join('');
  const open = `${indent}<${element.name}${attributes}`;
  if (element.text !== undefined) {
    return `${open}>${text(element.text)}</${element.name}>`;
  }
  const children = element.children ?? [];
  if (children.length === 0) {
    return `${open} />`;
  }
  return [`${open}>`, ...children.map((child) => policyXml(child, `${indent}  `)), `${indent}</${element.name}>`].join(
    '\n',
  );
}

/**
 * Text that the gateway takes as it stands. A value that would read as a policy expression or as the name of a named
 * value becomes an expression that yields it.
 */
export function plainValue(value: string): string {
  if (Token.isUnresolved(value) || !/^@[({]|\{\{/.test(value)) {
    return value;
  }
  const pieces = value.split(/(?<=\{)(?=\{)|(?<=^@)/);
  return `@(${pieces.map(quoted).join(' + ')})`;
}

/** A string of C# without anything that XML would have to escape, which the gateway would not undo in an expression. */
function quoted(text: string): string {
  const plain = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/[&<>']/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${plain}"`;
}
