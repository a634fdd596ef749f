/** Markup that is safe to print: made by `html`, which escapes whatever is inserted. */
export class Html {
  constructor(readonly markup: string) {}
}

export type Content = Html | string | number | undefined | readonly Content[];

/** Everything between the braces of `${}` is text, whatever it contains, unless `html` itself has made it. */
export function html(template: TemplateStringsArray, ...inserted: readonly Content[]): Html {
  let markup = template[0] ?? '';
  inserted.forEach((content, index) => {
    markup += markupOf(content) + (template[index + 1] ?? '');
  });
  return new Html(markup);
}

function markupOf(content: Content): string {
  if (content === undefined) {
    return '';
  }
  if (content instanceof Html) {
    return content.markup;
  }
  return typeof content === 'object' ? content.map(markupOf).join('') : escape(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
