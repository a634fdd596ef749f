import { applicationAlias, guidOfAudience } from '../../entities/aliases';
import { policyPath } from '../../entities/policy-places';
import { listed, say } from '../../message';
import type { ExposureFinding } from '../../model';
import { isUnknown } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import { UNKNOWN_TEXT } from '../../policy/properties';
import type { Context } from '../context';
import { exposure, productName, type ExposureRule, type ProductChange } from './product-change';

/** Whose tokens the policy of a product lets in that takes none before: those that others have already are a way in. */
export const tokensRule: ExposureRule = (change, context) => {
  const { before, after } = change;
  const policy = after?.policy;
  const took = before?.ways?.some((way) => way !== 'key') === true;
  if (
    policy === undefined ||
    after?.tokens === true ||
    after?.ways?.includes('token') !== true ||
    took ||
    !change.touched
  ) {
    return [];
  }
  const { strength } = policy.demand;
  if (strength !== 'bound') {
    const whose = strength === 'tenant' ? 'of the tenant' : 'of every tenant';
    return [
      tell(
        change,
        context,
        'tokens-of-tenant',
        `accepts every token ${whose}: it demands no audience, client or claim`,
      ),
    ];
  }
  return before === undefined && after.apis.length > 0 && existing(change, context)
    ? [
        tell(
          change,
          context,
          'tokens-in-use',
          'accepts tokens that clients may already have: it demands an audience that exists before the product',
        ),
      ]
    : [];
};

function tell(
  change: ProductChange,
  context: Context,
  rule: 'tokens-of-tenant' | 'tokens-in-use',
  what: string,
): ExposureFinding {
  const apis = (change.after?.apis ?? []).map((api) => api.name).sort();
  const resource = context.products.policyResource(change.key);
  return exposure(context, change, {
    rule,
    ...(resource === undefined ? {} : { resource }),
    kinds: ['broadening'],
    says: say`the policy of ${productName(change)} ${what}${apis.length === 0 ? [] : say`, for ${listed(apis)}`}`,
  });
}

/** Whether an audience of the policy belongs to a registration that this plan does not make. */
function existing({ key, after }: ProductChange, context: Context): boolean {
  const block = context.products.policyResource(key);
  if (block === undefined) {
    return false;
  }
  const isMade = (name: string): boolean =>
    context.world
      .resourcesOf(name)
      .some((resource) => kindOf(resource) === 'application' && resource.action === 'create');
  return (after?.policy?.audiences ?? []).some((audience) => {
    if (audience.includes(UNKNOWN_TEXT)) {
      const path = policyPath(block);
      const targets = isUnknown(block.after, ...path) ? context.world.referencesOf(block).targets(block, path) : [];
      return !targets.some(({ resource }) => resource.action === 'create');
    }
    const id = guidOfAudience(audience);
    return id === undefined || !isMade(context.world.key(applicationAlias(id), block.stack));
  });
}
