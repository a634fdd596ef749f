import { Fact } from '../../lib/names/fact';

describe('Fact', () => {
  test('is kept on its object, and two facts do not meet', () => {
    const object = {};
    new Fact<number>('one').keep(object, 1);
    new Fact<number>('other').keep(object, 2);

    expect([new Fact('one').of(object), new Fact('other').of(object), new Fact('third').of(object)]).toEqual([
      1,
      2,
      undefined,
    ]);
  });

  test('is found by another copy of the library', () => {
    const object = {};
    new Fact<string>('name').keep(object, 'apim');
    jest.isolateModules(() => {
      const other = jest.requireActual<{ Fact: typeof Fact }>('../../lib/names/fact');
      expect(other.Fact).not.toBe(Fact);
      expect(new other.Fact('name').of(object)).toBe('apim');
    });
  });

  test('shows in no enumeration and no JSON', () => {
    const object = { id: 1 };
    new Fact<string>('name').keep(object, 'apim');
    expect([Object.keys(object), JSON.stringify(object), { ...object }]).toEqual([['id'], '{"id":1}', { id: 1 }]);
  });

  test('is replaced, or made once', () => {
    const object = {};
    const fact = new Fact<string>('name');
    fact.keep(object, 'one');
    fact.keep(object, 'two');
    expect(fact.ofOrKept(object, () => 'three')).toBe('two');
    expect(new Fact<string>('made').ofOrKept(object, () => 'made')).toBe('made');
    expect(new Fact<string>('made').of(object)).toBe('made');
  });

  test.each([undefined, null, 'text', 5])('is none of %j', (value) => {
    expect(new Fact('name').of(value)).toBeUndefined();
  });
});
