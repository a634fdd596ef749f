import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { installedWith, listOf, LISTS } from '../../scripts/licences';
import { billOf, everything, MATERIALS } from '../../scripts/sbom';

/** Licences that let everybody use a package beside this project. MPL-2.0 asks for changes of its own files only. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];
const FRAMEWORK = /^(cdkt[fn]|@cdkt[fn]\/provider-\w+)$/;
/** What tells its licence in words that are none of SPDX. */
const TOLD_OTHERWISE: Readonly<Record<string, string>> = { jsonify: 'Public Domain' };

describe.each(LISTS)('what is installed with $file', (list) => {
  const installed = installedWith(list);

  test('has a licence that lets everybody use it', () => {
    // cdktn brings little, and inside of itself
    expect(installed.length).toBeGreaterThan(list.folder === 'cdktn' ? 5 : 20);
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

test.each([
  ['cdktf-apim-oauth', 'cdktf'],
  ['cdktn-apim-oauth', 'cdktn'],
  ['apim-oauth', 'commander'],
])('the bill of materials of %s names every package that is installed, with digests, and nothing else', (name, one) => {
  const material = MATERIALS.find(({ manifest }) => manifest().name === name)!;
  const bill = billOf(material, everything(material.folder));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5', metadata: { component: { name } } });
  const installed = installedWith(material);
  const references = new Set(installed.map((each) => `${each.name}@${each.version}`));
  const told = bill.components.map((component) => component['bom-ref']);
  expect(new Set(told)).toEqual(references);
  expect(told).toHaveLength(references.size);
  expect(bill.components.map((component) => component.name)).toContain(one);
  const known = new Set([...told, bill.metadata.component['bom-ref']]);
  expect(
    bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref)),
  ).toEqual([]);
  // what comes inside of another package has that one's digest
  const bundled = new Set(
    installed.flatMap((each) => (each.integrity === undefined ? [`${each.name}@${each.version}`] : [])),
  );
  expect(
    bill.components
      .filter((component) => component.hashes?.[0]?.alg !== 'SHA-512' && !bundled.has(component['bom-ref']))
      .map((component) => component['bom-ref']),
  ).toEqual([]);
});

test('every package that is published has a bill of materials', () => {
  expect(MATERIALS.map(({ manifest }) => manifest().name)).toEqual([
    'cdktf-apim-oauth',
    'cdktn-apim-oauth',
    'apim-oauth',
  ]);
});

function satisfiesAny(licence: string, allowed: readonly string[]): boolean {
  try {
    return satisfies(licence, [...allowed]);
  } catch {
    // not an expression of SPDX
    return false;
  }
}
