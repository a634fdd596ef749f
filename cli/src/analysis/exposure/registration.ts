import { say } from '../../message';
import type { ExposureFinding } from '../../model';
import { flag, isUnknown, text } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { preAuthorized } from './pre-authorized';
import { exposure, productName, type ExposureRule, type ProductChange } from './product-change';
import { listedRoles, ownRoles } from './registration-roles';

/** The registration that tokens for a product are made for: its roles, tenants and who needs a grant. */
export const registrationRule: ExposureRule = (change, context) => {
  const resources = context.world
    .registrationsOf(change.key)
    .flatMap((key) => context.world.resourcesOf(key))
    .filter(({ mode }) => mode === 'managed');
  return [
    ...resources
      .filter((resource) => kindOf(resource) === 'application')
      .flatMap((resource) => [...tenants(change, context, resource), ...listedRoles(change, context, resource)]),
    ...resources
      .filter((resource) => kindOf(resource) === 'service principal')
      .flatMap((resource) => assignment(change, context, resource)),
    ...ownRoles(change, context),
    ...preAuthorized(change, context),
  ];
};

/** Audiences of sign-in, each wider than the one before; one that is not known here is wider than all. */
const WIDTH: readonly string[] = ['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount'];

function tenants(change: ProductChange, context: Context, resource: Resource): ExposureFinding[] {
  const before = text(resource.before, 'sign_in_audience');
  const after = isUnknown(resource.after, 'sign_in_audience')
    ? 'unknown until apply'
    : text(resource.after, 'sign_in_audience');
  if (before === undefined || after === undefined || before === after) {
    return [];
  }
  context.judged.mark(resource, 'tenants');
  const [former, latter] = [before, after].map((audience) => WIDTH.indexOf(audience));
  return latter !== -1 && former !== undefined && latter !== undefined && latter < former
    ? [
        exposure(context, change, {
          rule: 'tenants-narrowed',
          resource,
          kinds: ['breaking'],
          says: say`the registration of ${productName(change)} is ${after === WIDTH[0] ? 'closed to other tenants' : 'closed to personal accounts'}`,
        }),
      ]
    : [
        exposure(context, change, {
          rule: 'tenants-widened',
          resource,
          kinds: ['broadening'],
          says: say`the registration of ${productName(change)} is opened to ${after === 'AzureADMultipleOrgs' ? 'other tenants' : 'other tenants or personal accounts'}: applications outside of the organization can get a token`,
        }),
      ];
}

function assignment(change: ProductChange, context: Context, resource: Resource): ExposureFinding[] {
  if (resource.before === undefined || resource.after === undefined) {
    return [];
  }
  const before = flag(resource.before, 'app_role_assignment_required') ?? false;
  // what is unknown may be anything
  const after =
    !isUnknown(resource.after, 'app_role_assignment_required') &&
    (flag(resource.after, 'app_role_assignment_required') ?? false);
  context.judged.mark(resource, 'assignment');
  if (before && !after) {
    return [
      exposure(context, change, {
        rule: 'assignment-not-required',
        resource,
        kinds: ['broadening'],
        says: say`every application of the tenant can get a token for ${productName(change)}: its registration needs no assignment any more`,
      }),
    ];
  }
  return !before && after
    ? [
        exposure(context, change, {
          rule: 'assignment-required',
          resource,
          kinds: ['breaking'],
          says: say`applications without a grant get no token for ${productName(change)} any more: its registration needs an assignment`,
        }),
      ]
    : [];
}
