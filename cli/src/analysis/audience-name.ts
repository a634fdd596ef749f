const IDENTIFIER = /^((?:api|https):\/\/[\w.~-]{1,200}(?::\d{1,5})?)(?:[/?#].*)?$/i;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * An audience as a review prints it: what comes after the identifier, which may be anything, is left out. Undefined for a
 * text that is no audience.
 */
export function shownAudience(audience: string): string | undefined {
  if (GUID.test(audience)) {
    return audience;
  }
  const identifier = IDENTIFIER.exec(audience)?.[1];
  return identifier === undefined || identifier === audience || `${identifier}/` === audience
    ? identifier
    : `${identifier}/…`;
}
