import { asServed } from './service-policy';
import { DOMParser, Element, onErrorStopParsing } from '@xmldom/xmldom';

/** An element as a parser reads it: blank text between elements left out, order kept. */
export interface Xml {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: (Xml | string)[];
}

/** Reads a document strictly: whatever is not well-formed throws. */
export function parseXml(text: string): Xml {
  const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
  return read(document.documentElement as Element);
}

/** Reads a policy as it comes from API Management, which takes its expressions as they stand. */
export function parsePolicy(text: string): Xml {
  return parseXml(asServed(text));
}

function read(element: Element): Xml {
  const children = [...element.childNodes].flatMap<Xml | string>((node) => {
    if (node.nodeType === node.ELEMENT_NODE) {
      return [read(node as Element)];
    }
    const text = node.nodeValue ?? '';
    return text.trim() === '' ? [] : [text];
  });
  return {
    name: element.nodeName,
    attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    children,
  };
}

/** The one element below another, by the names on the way. */
export function find(xml: Xml, ...names: string[]): Xml {
  return names.reduce((at, name) => {
    const found = at.children.filter((child): child is Xml => typeof child !== 'string' && child.name === name);
    if (found.length !== 1) {
      throw new Error(`${at.name} has ${found.length} elements ${name}`);
    }
    return found[0];
  }, xml);
}

/** Names of the elements in an element, in their order. */
export function names(xml: Xml): string[] {
  return xml.children.map((child) => (typeof child === 'string' ? '#text' : child.name));
}
