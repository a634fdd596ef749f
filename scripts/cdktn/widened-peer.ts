import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Lets an installed package take the release of a framework that is installed beside it. npm is told so by an override, which
 * jsii does not read: it compares what the package and its assembly say themselves.
 *
 * @param folder where the package is installed
 * @param peer name of the framework
 * @param range what it is to take, such as `^0.24.0`
 */
export function widenPeer(folder: string, peer: string, range: string): void {
  const { peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    peerDependencies: Record<string, string | undefined>;
  };
  const present = peerDependencies[peer];
  if (present === undefined) {
    throw new Error(`${folder}: has no peer ${peer}; see whether it is still a provider package for it`);
  }
  for (const file of ['package.json', '.jsii']) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    // The assembly is long: what it depends on stands at its beginning.
    writeFileSync(path, text.replace(`"${peer}": "${present}"`, `"${peer}": "${range}"`));
  }
}
