import * as fc from 'fast-check';
import { TerraformVariable, Token } from 'cdktf';
import * as limits from '../../lib/validation/limits';
import { newApp, newStack, SUBSCRIPTION, untyped } from '../support';

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

function only(text: string, allowed: string): boolean {
  return [...text].every((character) => allowed.includes(character));
}

/** Text near a limit: mostly of the allowed characters, now and then with another one or of any kind. */
function near(allowed: string, most: number): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...allowed);
  const stranger = fc.constantFrom(...'-_.~ /*#&+$<é\n\0');
  return fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit, maxLength: 6 }) },
    { weight: 3, arbitrary: fc.string({ unit, minLength: most - 1, maxLength: most + 1 }) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.oneof({ weight: 5, arbitrary: unit }, { weight: 1, arbitrary: stranger }), { maxLength: 8 })
        .map((all) => all.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
}

const guids = fc.uuid();

describe('accept exactly what Azure, Entra and Key Vault document', () => {
  const alphanumeric = LETTERS + DIGITS;
  const edges = (text: string) => alphanumeric.includes(text[0]) && alphanumeric.includes(text[text.length - 1]);

  test.each<[string, limits.Check<string>, string, number, (text: string) => boolean]>([
    [
      'instanceName',
      limits.instanceName,
      alphanumeric + '-',
      50,
      (text) =>
        text !== '' &&
        text.length <= 50 &&
        only(text, alphanumeric + '-') &&
        LETTERS.includes(text[0]) &&
        !text.endsWith('-'),
    ],
    [
      'productId',
      limits.productId,
      alphanumeric + '-_',
      80,
      (text) => text !== '' && text.length <= 80 && only(text, alphanumeric + '-_') && edges(text),
    ],
    [
      'groupName',
      limits.groupName,
      alphanumeric + '-',
      80,
      (text) => text !== '' && text.length <= 80 && only(text, alphanumeric + '-') && edges(text),
    ],
    [
      'apiName',
      limits.apiName,
      alphanumeric + '-. *#',
      256,
      (text) => text.length >= 1 && text.length <= 256 && ![...'*#&+'].some((character) => text.includes(character)),
    ],
    [
      'applicationName',
      limits.applicationName,
      alphanumeric + '-_',
      256,
      (text) => text !== '' && text.length <= 256 && only(text, alphanumeric + '-_') && edges(text),
    ],
    [
      'secretName',
      limits.secretName,
      alphanumeric + '-',
      127,
      (text) => text.length >= 1 && text.length <= 127 && only(text, alphanumeric + '-'),
    ],
    [
      'location',
      limits.location,
      alphanumeric + ' ',
      40,
      (text) => text !== '' && LETTERS.includes(text[0]) && only(text, alphanumeric + ' '),
    ],
    [
      'gatewayPath',
      limits.gatewayPath,
      alphanumeric + '/?=-{}',
      1024,
      (text) => text.startsWith('/') && text.length <= 1024 && !/[\s\\#]/.test(text),
    ],
    [
      'resourceGroupName',
      limits.resourceGroupName,
      alphanumeric + '-_().é',
      90,
      (text) =>
        text !== '' &&
        [...text].length <= 90 &&
        [...text].every((character) => /[\p{L}\p{N}]/u.test(character) || '-_().'.includes(character)) &&
        !text.endsWith('.'),
    ],
  ])('%s', (_, check, allowed, most, oracle) => {
    fc.assert(
      fc.property(near(allowed, most), (text) => (check(text) === undefined) === oracle(text)),
      { numRuns: 500 },
    );
  });

  test('a GUID', () => {
    fc.assert(fc.property(guids, (id) => limits.guid(id) === undefined && limits.guid(id.toUpperCase()) === undefined));
    fc.assert(
      fc.property(guids, fc.nat(35), fc.constantFrom('', 'g', '-', '{', 'aa', ' '), (id, at, other) => {
        fc.pre(id[at] !== other);
        return limits.guid(id.slice(0, at) + other + id.slice(at + 1)) !== undefined;
      }),
    );
  });

  test.each([
    'jane@contoso.com',
    'jane.doe+apim@mail.contoso.co.uk',
    "o'neil@contoso.com",
    `${'a'.repeat(88)}@contoso.com`,
    'jörg@contoso.com',
    'a@b.c',
  ])('e-mail address %s', (address) => {
    expect(limits.emailAddress(address)).toBeUndefined();
  });

  test.each([
    'jane',
    'jane@contoso',
    '@contoso.com',
    'jane@',
    'jane@@contoso.com',
    'jane doe@contoso.com',
    '<jane@contoso.com>',
    'jane@contoso..com',
    'jane@-contoso.com',
    'jane@contoso.com.',
    'a@b.c, d@e.f',
    `${'a'.repeat(89)}@contoso.com`,
    'jane@contoso.com\n',
    '',
  ])('no e-mail address: %j', (address) => {
    expect(limits.emailAddress(address)).toMatch(/^must be an e-mail address of at most 100 characters, got "/);
  });

  // A pattern that tries all ways to split such a text would not come to an end within the time that a test has.
  test.each([`a@${'a-'.repeat(500_000)}`, `a@${'a.'.repeat(48)}-`])(
    'an e-mail address that tries patience',
    (address) => {
      expect(limits.emailAddress(address)).toMatch(/^must be an e-mail address of at most 100 characters, got "/);
    },
  );
});

describe('resource ids', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-1`;

  test.each<[string, limits.Check<string>, string]>([
    ['vault', limits.keyVaultId, `${group}/providers/Microsoft.KeyVault/vaults/contoso-vault`],
    [
      'vault, in other cases',
      limits.keyVaultId,
      `${group}/providers/microsoft.keyvault/Vaults/KV1`.replace('resourceGroups', 'resourcegroups'),
    ],
    [
      'vault in a group with a name of its own',
      limits.keyVaultId,
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/Grüße_(1).x/providers/Microsoft.KeyVault/vaults/kv1`,
    ],
    [
      'identity',
      limits.userAssignedIdentityId,
      `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id_1-a`,
    ],
    ['user', limits.userId, `${group}/providers/Microsoft.ApiManagement/service/contoso-apim/users/1`],
  ])('a %s', (_, check, id) => {
    expect(check(id)).toBeUndefined();
  });

  test.each<[string, limits.Check<string>, string]>([
    ['a name instead of an id', limits.keyVaultId, 'contoso-vault'],
    ['a URL', limits.keyVaultId, 'https://contoso-vault.vault.azure.net/'],
    ['a secret in it', limits.keyVaultId, `${group}/providers/Microsoft.KeyVault/vaults/kv1/secrets/x`],
    ['a blank before it', limits.keyVaultId, ` ${group}/providers/Microsoft.KeyVault/vaults/kv1`],
    ['a slash behind it', limits.keyVaultId, `${group}/providers/Microsoft.KeyVault/vaults/kv1/`],
    [
      'a subscription that is no GUID',
      limits.keyVaultId,
      '/subscriptions/dev/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv1',
    ],
    ['a name of two characters', limits.keyVaultId, `${group}/providers/Microsoft.KeyVault/vaults/kv`],
    [
      'a Terraform expression',
      limits.keyVaultId,
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/\${x}/providers/Microsoft.KeyVault/vaults/kv1`,
    ],
    ['another type', limits.userAssignedIdentityId, `${group}/providers/Microsoft.KeyVault/vaults/kv1`],
    [
      'a Terraform expression',
      limits.userAssignedIdentityId,
      `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/\${x}`,
    ],
    ['a relative id', limits.userId, '/users/1'],
    ['an instance', limits.userId, `${group}/providers/Microsoft.ApiManagement/service/contoso-apim`],
    [
      'a Terraform expression',
      limits.userId,
      `${group}/providers/Microsoft.ApiManagement/service/contoso-apim/users/\${x}`,
    ],
  ])('%s is refused', (_, check, id) => {
    expect(check(id)).toMatch(/^must be the full resource id of a /);
  });

  test('the instance of a user', () => {
    const id = '/providers/Microsoft.ApiManagement/service/Contoso-APIM/users/1';
    expect(limits.instanceOfUserId(group + id)).toEqual({ name: 'Contoso-APIM', resourceGroupName: 'rg-1' });
    expect(limits.instanceOfUserId('jane')).toBeUndefined();
    expect(limits.instanceOfUserId(new TerraformVariable(newStack(), 'owner', {}).stringValue)).toBeUndefined();
  });
});

describe('textOf', () => {
  test.each<[number, number, unknown, string | undefined]>([
    [1, 3, 'abc', undefined],
    [1, 3, 'abcd', 'must have 1 to 3 characters and not be blank, got "abcd"'],
    [1, 3, '', 'must have 1 to 3 characters and not be blank, got ""'],
    [1, 3, ' \t', 'must have 1 to 3 characters and not be blank, got " \\t"'],
    [1, 3, undefined, 'must have 1 to 3 characters and not be blank, got undefined'],
    [1, 3, 5, 'must have 1 to 3 characters and not be blank, got 5'],
    [0, 3, '', undefined],
    [0, 3, '  ', undefined],
    [0, 3, 'abcd', 'must have at most 3 characters, got "abcd"'],
    [0, 3, null, 'must have at most 3 characters, got null'],
  ])('%d to %d characters: %j', (least, most, value, problem) => {
    expect(limits.textOf(least, most)(untyped(value))).toBe(problem);
  });
});

describe('wholeNumber', () => {
  test.each<[unknown, string | undefined]>([
    [1, undefined],
    [300, undefined],
    [0, 'must be a whole number from 1 to 300, got 0'],
    [301, 'must be a whole number from 1 to 300, got 301'],
    [1.5, 'must be a whole number from 1 to 300, got 1.5'],
    [NaN, 'must be a whole number from 1 to 300, got NaN'],
    [Infinity, 'must be a whole number from 1 to 300, got Infinity'],
    ['5', 'must be a whole number from 1 to 300, got "5"'],
    [5n, 'must be a whole number from 1 to 300, got 5'],
    [null, 'must be a whole number from 1 to 300, got null'],
    [true, 'must be a whole number from 1 to 300, got true'],
  ])('from 1 to 300: %p', (value, problem) => {
    expect(limits.wholeNumber(1, 300)(untyped(value))).toBe(problem);
  });

  test('without an upper end, up to what a number can hold exactly', () => {
    expect(limits.wholeNumber(300)(Number.MAX_SAFE_INTEGER)).toBeUndefined();
    expect(limits.wholeNumber(300)(299)).toBe('must be a whole number of at least 300, got 299');
    expect(limits.wholeNumber(300)(1e300)).toBe('must be a whole number of at least 300, got 1e+300');
  });
});

describe('listOf', () => {
  const names = limits.listOf(limits.groupName, { least: 1, ignoreCase: true });

  test.each<[unknown, string | undefined]>([
    [['a', 'b'], undefined],
    [[], 'must not be empty, give at least one'],
    [undefined, 'must be a list, got undefined'],
    [null, 'must be a list, got null'],
    ['a', 'must be a list, got "a"'],
    [{ length: 1 }, 'must be a list, got a value of type object'],
    [['a', 'b', 'A'], 'must not contain the same value twice, got "A" again'],
    [
      ['a', undefined],
      'must contain only letters, digits and dashes, neither start nor end with a dash and have at most 80 characters, got undefined',
    ],
    [
      ['a', '-'],
      'must contain only letters, digits and dashes, neither start nor end with a dash and have at most 80 characters, got "-"',
    ],
    [
      [['a']],
      'must contain only letters, digits and dashes, neither start nor end with a dash and have at most 80 characters, got a list',
    ],
  ])('%j', (values, problem) => {
    expect(names(untyped(values))).toBe(problem);
  });

  test('cases are told apart unless said otherwise', () => {
    expect(limits.listOf(limits.apiName, { least: 0 })(['a', 'A'])).toBeUndefined();
    expect(limits.listOf(limits.apiName, { least: 0 })(['a', 'b', 'a'])).toBe(
      'must not contain the same value twice, got "a" again',
    );
    expect(limits.listOf(limits.apiName, { least: 0 })([])).toBeUndefined();
  });

  test('the same token twice is the same value twice, two tokens are not', () => {
    const stack = newStack();
    const one = new TerraformVariable(stack, 'one', {}).stringValue;
    const two = new TerraformVariable(stack, 'two', {}).stringValue;

    expect(names([one, two])).toBeUndefined();
    expect(names([one, two, one])).toMatch(/^must not contain the same value twice, got /);
  });

  test('a list that is a token', () => {
    expect(names(new TerraformVariable(newStack(), 'names', {}).listValue)).toBeUndefined();
  });
});

describe('tags', () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag-${at}`, '']));

  test.each<[string, unknown, string | undefined]>([
    ['none', {}, undefined],
    ['50', many(50), undefined],
    ['51', many(51), 'must contain at most 50 tags, got 51'],
    ['a name of 512 characters', { ['n'.repeat(512)]: '' }, undefined],
    [
      'a longer name',
      { ['n'.repeat(513)]: '' },
      `must have names of 1 to 512 characters and none of <>%&\\?/, got "${'n'.repeat(80)}"…"${'n'.repeat(40)}" (513 characters)`,
    ],
    ['no name', { '': 'x' }, 'must have names of 1 to 512 characters and none of <>%&\\?/, got ""'],
    [
      'a character that Azure refuses',
      { 'a/b': 'x' },
      'must have names of 1 to 512 characters and none of <>%&\\?/, got "a/b"',
    ],
    ['a value of 256 characters', { a: 'v'.repeat(256) }, undefined],
    [
      'a longer value',
      { a: 'v'.repeat(257) },
      `must have values of at most 256 characters, got "${'v'.repeat(80)}"…"${'v'.repeat(40)}" (257 characters) for "a"`,
    ],
    ['a number', { a: 5 }, 'must have values of at most 256 characters, got 5 for "a"'],
    ['nothing', { a: undefined }, 'must have values of at most 256 characters, got undefined for "a"'],
    [
      'two names that Azure takes for one',
      { Owner: 'a', owner: 'b' },
      'must not contain the same name twice, got "owner" again; Azure ignores case',
    ],
    ['null', null, 'must be names with values, got null'],
    ['text', 'owner=jane', 'must be names with values, got "owner=jane"'],
    ['a list', ['owner'], 'must be names with values, got a list'],
  ])('%s', (_, value, problem) => {
    expect(limits.tags(untyped(value))).toBe(problem);
  });

  test('tokens as names, as values and as the whole', () => {
    const variable = new TerraformVariable(newStack(), 'any', {});

    expect(limits.tags({ [variable.stringValue]: 'x'.repeat(10), a: variable.stringValue })).toBeUndefined();
    expect(limits.tags(Token.asStringMap(variable.value))).toBeUndefined();
  });
});

describe('shown', () => {
  test.each<[string, unknown, string]>([
    ['text', 'a "b"\n', '"a \\"b\\"\\n"'],
    ['80 characters', 'x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['81 characters', 'x'.repeat(81), `"${'x'.repeat(80)}"…"${'x'.repeat(1)}" (81 characters)`],
    ['a number', 5, '5'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a list', ['secret'], 'a list'],
    ['an object', { secret: 1 }, 'a value of type object'],
    ['a function', () => 'secret', 'a value of type function'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
    ['a construct, which holds itself', newApp(), 'a value of type object'],
  ])('%s', (_, value, expected) => {
    expect(limits.shown(value)).toBe(expected);
  });
});

test('tokens are never looked into', () => {
  const variable = new TerraformVariable(newStack(), 'any', {});
  const texts = [
    limits.guid,
    limits.instanceName,
    limits.resourceGroupName,
    limits.location,
    limits.emailAddress,
    limits.productId,
    limits.groupName,
    limits.apiName,
    limits.applicationName,
    limits.secretName,
    limits.gatewayPath,
    limits.keyVaultId,
    limits.userAssignedIdentityId,
    limits.userId,
    limits.textOf(1, 2),
  ];

  expect(texts.map((check) => check(variable.stringValue))).toEqual(texts.map(() => undefined));
  expect(texts.map((check) => check(`***${variable.stringValue}***`))).toEqual(texts.map(() => undefined));
  expect(limits.wholeNumber(1, 2)(variable.numberValue)).toBeUndefined();
});
