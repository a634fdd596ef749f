/*
 * Prints what CHANGELOG.md says of a release; fails where its tag is not the version of every package, or the changelog has
 * no date for it.
 *
 * Run: npx tsx scripts/release-notes.ts v1.2.3
 */
import { readFileSync } from 'node:fs';

/** The section of a version, without its heading. Throws where the release is not ready. */
export function releaseNotes(tag: string, versions: Readonly<Record<string, string>>, changelog: string): string {
  const version = /^v(\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?)$/.exec(tag)?.[1];
  if (version === undefined) {
    throw new Error(`the tag must be v and a version, such as v1.2.3, got ${JSON.stringify(tag)}`);
  }
  for (const [file, found] of Object.entries(versions)) {
    if (found !== version) {
      throw new Error(`${file} has version ${found}, the tag says ${version}`);
    }
  }
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`${version} `));
  if (section === undefined) {
    throw new Error(`CHANGELOG.md has no section ${version}`);
  }
  const [heading = '', ...lines] = section.split('\n');
  if (!/^\S+ – \d{4}-\d{2}-\d{2}$/.test(heading)) {
    throw new Error(
      `CHANGELOG.md has no date for the release, as in "## ${version} – 2026-11-24", got "## ${heading}"`,
    );
  }
  return `${lines.join('\n').trim()}\n`;
}

function main(): void {
  const versions = Object.fromEntries(
    ['package.json', 'cli/package.json'].map((file) => [
      file,
      (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version,
    ]),
  );
  try {
    process.stdout.write(releaseNotes(process.argv[2] ?? '', versions, readFileSync('CHANGELOG.md', 'utf8')));
  } catch (error) {
    process.stderr.write(`release-notes: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) {
  main();
}
