import { Token } from 'cdktf';
import { encodedAttribute, encodedText, EXPRESSION_START, unreadableEntity } from './canonical-text';

/**
 * One element of a policy document. Attribute values and text are encoded when it is written, unless they are policy
 * expressions: API Management reads those from the document as they are.
 */
export interface PolicyElement {
  readonly name: string;
  readonly attributes?: { [name: string]: string | undefined };
  readonly children?: readonly PolicyElement[];
  readonly text?: string;
  /** Instead of all that: XML that is written unchanged. */
  readonly xml?: string;
}

function attribute(name: string, value: string): string {
  return ` ${name}="${EXPRESSION_START.test(value) ? value : encodedAttribute(value)}"`;
}

function text(value: string): string {
  return EXPRESSION_START.test(value) ? value : encodedText(value);
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
 * Text that the gateway takes literally. A value that would read as a policy expression or as the name of a named
 * value, or that azurerm would read back as another one, becomes an expression that yields it.
 */
export function plainValue(value: string): string {
  if (Token.isUnresolved(value)) {
    return value;
  }
  if (!EXPRESSION_START.test(value) && !value.includes('{{') && unreadableEntity(value) === undefined) {
    return value;
  }
  const pieces = value.split(/(?<=\{)(?=\{)|(?<=^\s*@)/);
  return `@(${pieces.map(quoted).join(' + ')})`;
}

/** A string of C# without anything that XML would have to encode, which the gateway would not undo in an expression. */
function quoted(text: string): string {
  const plain = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/[&<>']/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${plain}"`;
}
