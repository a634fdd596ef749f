import { Group, judge, objections, partsOf, PURPOSE } from '../../scripts/reaper/judge';

const UNIQUE = '0123456789ab';
const NOW = new Date('2026-11-24T12:00:00Z');
const EXPIRED: Group = {
  name: `rg-sandbox-${UNIQUE}`,
  location: 'centraluseuap',
  tags: { purpose: PURPOSE, owner: 'jane@contoso.com', 'expires-on': '2026-11-01' },
  managedBy: '',
};
const tagged = (tags: Record<string, string>): Group => ({ ...EXPIRED, tags: { ...EXPIRED.tags, ...tags } });

test('an expired sandbox is found', () => {
  expect(judge(EXPIRED, [], NOW)).toEqual({ kind: 'expired', since: '2026-11-01' });
});

test.each([
  ['no tags at all', {}],
  ['another purpose', { purpose: 'production', 'expires-on': '2020-01-01', owner: 'jane@contoso.com' }],
  ['a purpose that begins alike', { purpose: `${PURPOSE} of the platform`, 'expires-on': '2020-01-01' }],
  ['a day in the past alone', { 'expires-on': '2020-01-01' }],
])('a group with %s is not looked at', (_, tags) => {
  expect(judge({ ...EXPIRED, tags: tags as Record<string, string> }, [], NOW)).toEqual({ kind: 'other' });
});

test('names of tags are the same in capital letters, as in Azure', () => {
  const tags = { Purpose: PURPOSE, OWNER: 'jane@contoso.com', 'Expires-On': '2026-11-01' };
  expect(judge({ ...EXPIRED, tags }, [], NOW).kind).toBe('expired');
});

describe('a sandbox is kept until its day is over everywhere', () => {
  test.each([
    ['2026-11-23T00:00:00Z', 'kept'],
    ['2026-11-24T23:59:59Z', 'kept'],
    ['2026-11-25T00:30:00+14:00', 'kept'],
    ['2026-11-25T11:59:59Z', 'kept'],
    ['2026-11-24T23:59:59-12:00', 'kept'],
    ['2026-11-25T00:00:00-12:00', 'expired'],
    ['2026-11-25T12:00:00Z', 'expired'],
    ['2027-01-01T00:00:00Z', 'expired'],
  ])('at %s it is %s', (now, kind) => {
    expect(judge(tagged({ 'expires-on': '2026-11-24' }), [], new Date(now)).kind).toBe(kind);
  });

  test('also around the end of a year and a leap day', () => {
    expect(judge(tagged({ 'expires-on': '2027-12-31' }), [], new Date('2028-01-01T11:00:00Z')).kind).toBe('kept');
    expect(judge(tagged({ 'expires-on': '2028-02-29' }), [], new Date('2028-03-01T12:00:00Z')).kind).toBe('expired');
  });
});

describe('what claims to be a sandbox and is not as one is refused', () => {
  test.each([
    ['soon', '"soon"'],
    ['2026-02-30', '"2026-02-30"'],
    ['2027-02-29', '"2027-02-29"'],
    ['2026-13-01', '"2026-13-01"'],
    ['2026-1-1', '"2026-1-1"'],
    ['01.11.2026', '"01.11.2026"'],
    ['2026-11-01T00:00:00Z', '"2026-11-01T00:00:00Z"'],
    [' 2026-11-01', '" 2026-11-01"'],
    ['', '""'],
    ['1\n::error::', '"1\\n::error::"'],
    ['x'.repeat(100), `"${'x'.repeat(79)}…"`],
  ])('with the day %j', (date, shown) => {
    expect(judge(tagged({ 'expires-on': date }), [], NOW)).toEqual({
      kind: 'refused',
      reasons: [`the tag expires-on is no date such as 2026-11-24: ${shown}`],
    });
  });

  test('without a day, an owner and the name, all at once', () => {
    expect(judge({ ...EXPIRED, name: 'production', tags: { purpose: PURPOSE } }, [], NOW)).toEqual({
      kind: 'refused',
      reasons: [
        'its name is not that of a sandbox, such as rg-sandbox-0123456789ab',
        'it has no tag expires-on',
        'the tag owner is no e-mail address',
      ],
    });
  });

  test.each([
    'rg-sandbox',
    'rg-0123456789ab',
    'rg-sandbox-0123456789AB',
    'x-rg-sandbox-0123456789ab',
    'rg-sandbox-0123456789abc',
  ])('with the name %s', (name) => {
    expect(judge({ ...EXPIRED, name }, [], NOW).kind).toBe('refused');
  });

  test('when it belongs to another service or is protected', () => {
    expect(judge({ ...EXPIRED, managedBy: '/subscriptions/x' }, [EXPIRED.name.toUpperCase()], NOW)).toEqual({
      kind: 'refused',
      reasons: ['it belongs to another service (managedBy)', '--protect names it'],
    });
  });
});

describe('what lies in an expired sandbox', () => {
  const service = { type: 'Microsoft.ApiManagement/service', name: `apim-sandbox-${UNIQUE}`, purpose: PURPOSE };
  const vault = { type: 'Microsoft.KeyVault/vaults', name: `kv-sandbox-${UNIQUE}`, purpose: PURPOSE };

  test('is its service and its vault', () => {
    const content = { resources: [service, vault], locks: [] };
    expect(objections(EXPIRED, content)).toEqual([]);
    expect(partsOf(content)).toEqual({ services: [service.name], vaults: [vault.name] });
    expect(objections(EXPIRED, { resources: [], locks: [] })).toEqual([]);
  });

  test.each([
    [
      'a virtual machine',
      { type: 'Microsoft.Compute/virtualMachines', name: 'vm', purpose: PURPOSE },
      'it holds "vm" ("Microsoft.Compute/virtualMachines"), which no sandbox makes',
    ],
    [
      'another vault',
      { ...vault, name: 'kv-production' },
      'it holds "kv-production" ("Microsoft.KeyVault/vaults"), which no sandbox makes',
    ],
    [
      'the service of another sandbox',
      { ...service, name: 'apim-sandbox-ffffffffffff' },
      'it holds "apim-sandbox-ffffffffffff" ("Microsoft.ApiManagement/service"), which no sandbox makes',
    ],
    [
      'a service that lost its tag',
      { ...service, purpose: undefined },
      `"${service.name}" in it has another tag purpose`,
    ],
  ])('is not %s', (_, resource, reason) => {
    expect(objections(EXPIRED, { resources: [vault, resource], locks: [] })).toEqual([reason]);
  });

  test('is not destroyed under a lock', () => {
    expect(objections(EXPIRED, { resources: [service], locks: ['keep'] })).toEqual(['it is locked by "keep"']);
  });
});
