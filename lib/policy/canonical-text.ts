/**
 * How API Management writes the text and the attribute values of a policy, and how azurerm compares them.
 *
 * azurerm writes a policy as `rawxml` and reads it as `xml`. In between the service writes the document in its own way:
 * double quotes, entities for what needs them, tabs and line breaks of its own. azurerm decodes the entities of what it
 * reads, then compares both texts without blanks and with five entities replaced one after the other. What reads
 * differently after that differs on every plan.
 */

const ENTITIES: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const CHARACTERS: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([\da-fA-F]+));/g;

/** How a policy expression begins, which is C# and stays as it is. */
export const EXPRESSION_START = /^\s*@[({]/;

/** A value between double quotes. */
export function encodedAttribute(value: string): string {
  return value.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** A text between two tags. */
export function encodedText(value: string): string {
  return value.replace(/[&<>]/g, (character) => ENTITIES[character]);
}

/** A value or text with its entities decoded. */
export function decoded(text: string): string {
  return text.replace(REFERENCE, (_, name?: string, decimal?: string, hexadecimal?: string) =>
    name === undefined ? characterOf(decimal, hexadecimal) : CHARACTERS[name],
  );
}

function characterOf(decimal: string | undefined, hexadecimal: string | undefined): string {
  const code = decimal === undefined ? parseInt(hexadecimal!, 16) : Number(decimal);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\u0000';
}

/**
 * The entity in a value that azurerm reads back as another text, if any. It decodes what is read once more than what it
 * wrote, so that the text of an XML entity cannot be written.
 */
export function unreadableEntity(value: string): string | undefined {
  return /&(?:quot|gt|lt|amp);/.exec(value.replace(/[\n\r\t ]/g, ''))?.[0];
}

/** Whether XML can contain a text at all. */
export function isXmlText(value: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(value);
}
