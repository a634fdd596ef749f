import { listed, say } from '../../message';
import { kindOf } from '../../plan/kinds';
import { exposure, productName, type ExposureRule } from './product-change';
import { describeWays } from './ways';

/** Products that are made, and products that Terraform forgets. */
export const existenceRule: ExposureRule = (change, context) => {
  const { before, after, resource } = change;
  if (before === undefined && after !== undefined) {
    const apis = after.apis.map((api) => api.name).sort();
    const state = after.published === undefined ? '' : after.published ? ', published' : ', not published';
    return [
      exposure(context, change, {
        rule: 'product-created',
        judges: ['existence', 'audience', 'registration'],
        says: say`${productName(change)} is created${state}: ${describeWays(after.ways)}${apis.length === 0 ? ', no API is in it' : say`, and reaches ${listed(apis)}`}`,
        after: describeWays(after.ways),
      }),
    ];
  }
  if (resource.action === 'forget' && kindOf(resource) === 'product') {
    return [
      exposure(context, change, {
        rule: 'product-kept',
        judges: ['existence'],
        says: say`${productName(change)} stays as it is: Terraform forgets it`,
      }),
    ];
  }
  const settings = context.world
    .resourcesOf(change.key)
    .find((found) => kindOf(found) === 'product settings' && found.action === 'delete');
  if (settings !== undefined && before !== undefined && after !== undefined && before.tokens === after.tokens) {
    return [
      exposure(context, change, {
        rule: 'product-kept',
        resource: settings,
        judges: ['existence'],
        says: say`${productName(change)} keeps its settings: Terraform forgets that it set them and writes nothing back`,
      }),
    ];
  }
  return [];
};
