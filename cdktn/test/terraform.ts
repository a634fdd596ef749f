import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What was synthesized for each stack, as it is wherever the program lies. */
export function stacksIn(outdir: string, root: string): Record<string, any> {
  const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries<any>(stacks).map(([name, { synthesizedStackPath }]) => [
      name,
      withoutRoot(root, JSON.parse(readFileSync(join(outdir, synthesizedStackPath), 'utf8'))),
    ]),
  );
}

/** The state lies beside the program, wherever that is. */
function withoutRoot(root: string, terraform: any): any {
  const { local } = terraform.terraform.backend;
  if (local !== undefined) {
    local.path = relative(root, local.path);
  }
  return terraform;
}

/** Terraform without the release of the framework and the pins that come with its provider packages. */
export function withoutVersions(terraform: any): any {
  const { metadata, ...comment } = terraform['//'];
  const pins = Object.entries<any>(terraform.terraform.required_providers).map(([name, { version, ...provider }]) => [
    name,
    { ...provider, version: typeof version },
  ]);
  return {
    ...terraform,
    '//': { ...comment, metadata: { ...metadata, version: typeof metadata.version } },
    terraform: { ...terraform.terraform, required_providers: Object.fromEntries(pins) },
  };
}
