import { Problems, refuse } from '../../lib/validation/problems';
import { errorOf } from '../support';

describe('Problems', () => {
  test('reports all at once, a line each, in the order in which they were found', () => {
    const problems = new Problems('stack/apim');
    problems.add('name', 'must not be empty');
    problems.add('sku', undefined);
    problems.add('location', 'must be a region, got 5');

    expect(errorOf(() => problems.throwIfAny())).toBe(
      'stack/apim: name: must not be empty\nstack/apim: location: must be a region, got 5',
    );
  });

  test('without any, nothing is thrown', () => {
    const problems = new Problems('stack/apim');
    problems.add('name', undefined);

    expect(() => problems.throwIfAny()).not.toThrow();
  });
});

test('refuse throws the one problem', () => {
  expect(errorOf(() => refuse('ApimSku.basic', 'units', 'must be 1'))).toBe('ApimSku.basic: units: must be 1');
  expect(() => refuse('ApimSku.basic', 'units', undefined)).not.toThrow();
});
