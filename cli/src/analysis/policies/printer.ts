import { items, printable } from '../../plan/attributes';
import type { Printer } from '../../policy/difference';
import type { PolicySide } from '../../entities/policies';
import { shownAudience } from '../audience-name';
import type { Context } from '../context';

/** What of the values of a policy may be printed: app roles that the plans declare, and the identifiers of audiences. */
export function printerOf(context: Context, sides: readonly (PolicySide | undefined)[]): Printer {
  const roles = declaredRoles(context);
  const hides = (value: string): boolean =>
    sides.some((side) => side !== undefined && (side.sensitive || side.hidden.has(value)));
  return {
    role: (value) => (roles.has(value) && !hides(value) ? value : undefined),
    audience: (value) => (hides(value) ? undefined : shownAudience(value)),
    amounts: sides.every((side) => side?.sensitive !== true),
  };
}

const found = new WeakMap<Context, ReadonlySet<string>>();

function declaredRoles(context: Context): ReadonlySet<string> {
  let roles = found.get(context);
  if (roles === undefined) {
    roles = new Set(
      context.world
        .all('application', 'application role')
        .flatMap((resource) =>
          [resource.before, resource.after].flatMap((side) =>
            [...items(side, 'app_role'), ...items(side, 'app_roles'), ...(side === undefined ? [] : [side])].flatMap(
              (item) => printable(item, 'value') ?? [],
            ),
          ),
        ),
    );
    found.set(context, roles);
  }
  return roles;
}
