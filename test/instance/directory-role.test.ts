import { DirectoryRole } from '../../lib';
import { errorOf, untyped } from '../support';

describe('DirectoryRole', () => {
  test.each([
    ['applicationAdministrator', DirectoryRole.applicationAdministrator(), '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3'],
    [
      'cloudApplicationAdministrator',
      DirectoryRole.cloudApplicationAdministrator(),
      '158c047a-c907-4556-b7ef-446551a6b5f7',
    ],
    ['none', DirectoryRole.none(), undefined],
    ['custom', DirectoryRole.custom('ABCDEF00-2222-3333-4444-555555555555'), 'ABCDEF00-2222-3333-4444-555555555555'],
  ])('%s', (_, role, templateId) => {
    expect(role.templateId).toBe(templateId);
  });

  test.each([
    ['a name', 'Application Administrator', '"Application Administrator"'],
    ['nothing', undefined, 'undefined'],
    ['a number', 5, '5'],
    ['a GUID in braces', '{9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3}', '"{9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3}"'],
  ])('fails when custom is given %s', (_, templateId, got) => {
    expect(errorOf(() => DirectoryRole.custom(untyped(templateId)))).toBe(
      `DirectoryRole.custom: templateId: must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got ${got}`,
    );
  });
});
