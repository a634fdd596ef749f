/**
 * Names that two imports of a Go source share. jsii takes the last part of a package's path for its name, so a type that
 * refers to two packages with the same last part, such as `provider` of azurerm and of azuread, does not compile.
 */
export function importClashes(source: string): string[] {
  const block = /^import \(\n([\s\S]*?)^\)$/m.exec(source)?.[1] ?? '';
  const names = [...block.matchAll(/^\s*(?:([\w.]+) )?"([^"]+)"/gm)]
    .map(([, alias, path]) => alias ?? lastPart(path))
    .filter((name) => name !== '_' && name !== '.');
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

/** Without the major version, which is no part of the name. */
function lastPart(path: string): string {
  const parts = path.split('/').filter((part) => !/^v\d+$/.test(part));
  return parts[parts.length - 1];
}
