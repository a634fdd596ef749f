import type { SideName } from '../../entities/aliases';
import { flag, isUnknown } from '../../plan/attributes';
import type { Context } from '../context';
import { present, type PrivilegeFact } from './fact';

/** Accounts that may sign in: one that is disabled gets no token, whatever it is granted. */
export function signIns(context: Context, side: SideName): PrivilegeFact[] {
  return present(context, side, 'service principal', 'user')
    .filter(({ before, after }) => before !== undefined && after !== undefined)
    .filter(
      (resource) => isUnknown(resource[side], 'account_enabled') || (flag(resource[side], 'account_enabled') ?? true),
    )
    .map((resource) => ({
      resource,
      side,
      kind: 'sign-in' as const,
      principal: context.world.keyOf(resource),
      id: 'enabled',
      privilege: 'sign-in',
      allows: 'get tokens',
      tenantWide: false,
    }));
}
