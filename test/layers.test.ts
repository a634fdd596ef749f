import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { preProcessFile } from 'typescript';

const LIB = join(__dirname, '../lib');

/** The rooms of lib/ from top to bottom, as CONTRIBUTING draws them; those of one floor do not import each other. */
const FLOORS = [
  ['index'],
  ['preview-sandbox', 'access-manifest', 'azure-providers'],
  ['client'],
  ['product'],
  ['instance'],
  ['azapi', 'azuread'],
  ['terraform'],
  ['validation', 'policy'],
  ['names'],
];

/** The only imports between rooms of one floor: the sandbox is put together from its neighbours. */
const BESIDE = ['preview-sandbox > access-manifest', 'preview-sandbox > azure-providers'];

const FILES = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join(posix.sep).replace(/\.ts$/, ''));

function importsOf(file: string): readonly string[] {
  const path = join(LIB, `${file}.ts`);
  return preProcessFile(readFileSync(path, 'utf8'))
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) =>
      relative(LIB, resolve(dirname(path), fileName))
        .split(sep)
        .join(posix.sep),
    );
}

const IMPORTS = new Map(FILES.map((file) => [file, importsOf(file)]));

function roomOf(file: string): string {
  return file.split('/')[0];
}

function floorOf(file: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(roomOf(file)));
}

/** What a file reaches through imports; itself, where it is in a circle. */
function reachedFrom(start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const left = [...(IMPORTS.get(start) ?? [])];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (!reached.has(file)) {
      reached.add(file);
      left.push(...(IMPORTS.get(file) ?? []));
    }
  }
  return reached;
}

test('checks of values are imported in one way: limits.x and shapes.x', () => {
  const named = FILES.filter((file) => roomOf(file) !== 'validation').filter((file) =>
    /import \{[^}]*\} from '[^']*validation\/(?:limits|shapes)'/.test(readFileSync(join(LIB, `${file}.ts`), 'utf8')),
  );
  expect(named).toEqual([]);
});

describe('the rooms of lib/', () => {
  test('every file lies in one', () => {
    expect(FILES.filter((file) => floorOf(file) === -1)).toEqual([]);
  });

  test('every import leads to a file of lib/', () => {
    const dangling = [...IMPORTS].flatMap(([file, imports]) =>
      imports.filter((target) => !IMPORTS.has(target)).map((target) => `${file} > ${target}`),
    );
    expect(dangling).toEqual([]);
  });

  test('imports point downwards', () => {
    const wrong = [...IMPORTS].flatMap(([file, imports]) =>
      imports
        .filter((target) => roomOf(target) !== roomOf(file) && floorOf(target) <= floorOf(file))
        .map((target) => `${file} > ${target}`)
        .filter((edge) => !BESIDE.includes(edge)),
    );
    expect(wrong).toEqual([]);
  });

  test('no file is in a circle of imports', () => {
    expect(FILES.filter((file) => reachedFrom(file).has(file))).toEqual([]);
  });
});

test('the tools have the scanner of policy expressions by a link, so that there is one', () => {
  const linked = join(LIB, '../cli/src/policy/expression.ts');
  expect(realpathSync(linked)).toBe(realpathSync(join(LIB, 'policy/expression.ts')));
});

test('CONTRIBUTING draws the rooms in the same order', () => {
  const text = readFileSync(join(__dirname, '../CONTRIBUTING.md'), 'utf8');
  const drawing = /```\n(index\n[^`]*)```/.exec(text)?.[1] ?? '';
  const drawn = drawing
    .trim()
    .split('\n')
    .map((line) => line.split(/ {2,}/)[0].split(' \u00b7 '));
  expect(drawn).toEqual(FLOORS);
});
