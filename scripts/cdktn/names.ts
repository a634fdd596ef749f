const COUNTERPARTS: readonly (readonly [cdktf: string, cdktn: string])[] = [
  ['cdktf', 'cdktn'],
  ['cdktf-apim-oauth', 'cdktn-apim-oauth'],
  ['@cdktf/provider-azurerm', '@cdktn/provider-azurerm'],
  ['cdktf-cli@0.21', 'cdktn-cli@0.24'],
];

const OTHER = new Map(COUNTERPARTS.flatMap(([cdktf, cdktn]) => [[cdktf, cdktn] as const, [cdktn, cdktf] as const]));

/** The package that is to one framework what this one is to the other; undefined where there is none. */
export function otherName(name: string): string | undefined {
  return OTHER.get(name);
}

/**
 * A name of a framework where text speaks of it: not in a longer name, such as a folder's (`cdktf.out`), a type of metadata
 * (`@cdktf/warn`) or an identifier (`cdktfStack`), which are the same under both. In regular expressions the slash is escaped.
 */
const NAME =
  /(?<![\w@/.-])(?:@cdkt[fn](\\?)\/provider-azurerm(?![\w-])|(?:cdktf-cli@0\.21|cdktn-cli@0\.24|cdkt[fn]-apim-oauth|cdkt[fn])(?![\w-]|[.@/]\w))/g;

/** Text with each framework called by the other's name. */
export function otherNames(text: string): string {
  return text.replace(NAME, (name, escape = '') => {
    const other = OTHER.get(name.replace('\\', ''))!;
    return escape === '' ? other : other.replace('/', '\\/');
  });
}
