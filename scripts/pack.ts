/*
 * Packs the library and the tools as they are published, and prints the paths of the tarballs.
 *
 * Run: npx tsx scripts/pack.ts DESTINATION [FOLDER...] (after npm run build and npm run build -w cli)
 */
import { mkdirSync } from 'node:fs';
import { pack } from './package/pack';
import { say } from './package/run';

const [destination, ...folders] = process.argv.slice(2);
if (destination === undefined) {
  process.stderr.write('pack: no folder for the tarballs is given\n');
  process.exitCode = 1;
} else {
  mkdirSync(destination, { recursive: true });
  for (const folder of folders.length > 0 ? folders : ['.', 'cli']) {
    say(pack(folder, destination).tarball);
  }
}
