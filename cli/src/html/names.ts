import { clean } from '../message';
import type { ClientName, MessagePart, ProductName } from '../model';
import { html, type Html } from './html';

/** A name from a plan: isolated, so that its direction of writing does not turn the sentence around it. */
export function named(text: string): Html {
  return html`<bdi class="name">${clean(text)}</bdi>`;
}

/** An address, an id or a path. */
export function code(text: string): Html {
  return html`<code><bdi>${clean(text)}</bdi></code>`;
}

/** A sentence, in which texts from a plan are marked. */
export function sentence(parts: readonly MessagePart[]): Html {
  return html`${parts.map(({ text, name }) => (name === true ? named(text) : text))}`;
}

/** What a person needs to distinguish two things of the same name. */
export function detail(thing: ClientName & Partial<ProductName>): string | undefined {
  return thing.clientId ?? thing.instance;
}

/** A name, and on its own line what distinguishes it from others of the same name. */
export function withDetail(thing: ClientName & Partial<ProductName>): Html {
  const more = detail(thing);
  return html`${named(thing.name)}${more === undefined ? '' : html`<span class="detail">${code(more)}</span>`}`;
}
