import * as limits from '../validation/limits';
import * as shapes from '../validation/shapes';
import { refuse } from '../validation/problems';

/**
 * Entra directory role of an instance's identity. API Management needs one that lets it make and delete application
 * registrations, as long as it owns any of them.
 *
 * Source: https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
 */
export class DirectoryRole {
  /** Application Administrator, the role that the feature's documentation asks for. */
  public static applicationAdministrator(): DirectoryRole {
    return new DirectoryRole('9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3');
  }

  /** Cloud Application Administrator: the same without application proxies. */
  public static cloudApplicationAdministrator(): DirectoryRole {
    return new DirectoryRole('158c047a-c907-4556-b7ef-446551a6b5f7');
  }

  /** No role: another stack assigns it, or API Management registers nothing. */
  public static none(): DirectoryRole {
    return new DirectoryRole(undefined);
  }

  /**
   * Another role.
   *
   * @param templateId template id of a built-in role, a GUID; anything else is an error
   */
  public static custom(templateId: string): DirectoryRole {
    refuse('DirectoryRole.custom', 'templateId', limits.guid(templateId));
    return new DirectoryRole(templateId);
  }

  private constructor(
    /** Template id of the role, a GUID; undefined for none. */
    public readonly templateId: string | undefined,
  ) {
    shapes.markAs('DirectoryRole', this);
  }
}
