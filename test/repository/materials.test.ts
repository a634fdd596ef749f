import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { installedWith, listOf, LISTS } from '../../scripts/licences';
import { billOf, everything } from '../../scripts/sbom';

/** Licences that let everybody use a package beside this project. MPL-2.0 asks for changes of its own files only. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];
const FRAMEWORK = /^(cdktf|@cdktf\/provider-\w+)$/;
/** What tells its licence in words that are none of SPDX. */
const TOLD_OTHERWISE: Readonly<Record<string, string>> = { jsonify: 'Public Domain' };

describe.each(LISTS)('what is installed with $file', (list) => {
  const installed = installedWith(list.root);

  test('has a licence that lets everybody use it', () => {
    expect(installed.length).toBeGreaterThan(20);
    const others = installed.filter(
      ({ name, licence }) =>
        licence !== TOLD_OTHERWISE[name] &&
        !satisfiesAny(licence, FRAMEWORK.test(name) ? [...ALLOWED, 'MPL-2.0'] : ALLOWED),
    );
    expect(others).toEqual([]);
  });

  test('is listed', () => {
    expect(readFileSync(list.file, 'utf8')).toBe(listOf(list));
  });
});

test('a licence that is not allowed is found', () => {
  expect(
    ['GPL-3.0-only', 'MIT AND GPL-2.0', 'unknown', 'SEE LICENSE IN LICENSE'].map((licence) =>
      satisfiesAny(licence, ALLOWED),
    ),
  ).toEqual([false, false, false, false]);
  expect(satisfiesAny('(BSD-3-Clause OR GPL-2.0)', ALLOWED)).toBe(true);
});

test('bills of materials name every package that is installed, with digests, and nothing else', () => {
  const all = everything();
  for (const [folder, root] of [
    ['.', ''],
    ['cli', 'cli'],
  ] as const) {
    const bill = billOf(folder, all);
    const { name } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { name: string };
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', metadata: { component: { name } } });
    const installed = new Set(installedWith(root).map((one) => `${one.name}@${one.version}`));
    const told = bill.components.map((component) => component['bom-ref']);
    expect(new Set(told)).toEqual(installed);
    expect(told).toHaveLength(installed.size);
    const known = new Set([...told, bill.metadata.component['bom-ref']]);
    expect(
      bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref)),
    ).toEqual([]);
  }
  const cli = billOf('cli', all);
  expect(cli.components.filter(({ hashes }) => hashes?.[0]?.alg !== 'SHA-512')).toEqual([]);
});

function satisfiesAny(licence: string, allowed: readonly string[]): boolean {
  try {
    return satisfies(licence, [...allowed]);
  } catch {
    // not an expression of SPDX
    return false;
  }
}
