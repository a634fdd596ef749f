/** Prefixes that API Management and the library put before the names of applications in Entra. */
const PREFIXES = /^APIM(?:Product)?Application(?=.)/;

/**
 * Whether one of several globs matches one of the names that a thing has. `*` matches any text and `?` one character;
 * letter case does not count. A name with API Management's prefix also counts without it.
 */
export function matchesAny(globs: readonly string[], names: readonly (string | undefined)[]): boolean {
  const known = names.flatMap((name) => (name === undefined ? [] : [name, name.replace(PREFIXES, '')]));
  return globs.some((glob) => known.some((name) => matches(glob.toLowerCase(), name.toLowerCase())));
}

/** Linear in the name for each star of the glob: a pattern cannot make the review slow. */
function matches(glob: string, name: string): boolean {
  let [at, inGlob] = [0, 0];
  let [star, afterStar] = [-1, 0];
  while (at < name.length) {
    if (inGlob < glob.length && (glob[inGlob] === '?' || glob[inGlob] === name[at]) && glob[inGlob] !== '*') {
      at += 1;
      inGlob += 1;
    } else if (glob[inGlob] === '*') {
      star = inGlob;
      afterStar = at;
      inGlob += 1;
    } else if (star >= 0) {
      inGlob = star + 1;
      afterStar += 1;
      at = afterStar;
    } else {
      return false;
    }
  }
  return [...glob.slice(inGlob)].every((character) => character === '*');
}
