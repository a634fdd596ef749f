import { say } from '../../message';
import { kindOf } from '../../plan/kinds';
import { clientList, exposure, productName, type ExposureRule } from './product-change';

/**
 * The azurerm provider writes a product without its authentication type: what an
 * `azapi_update_resource` has switched on may be off until it is applied again.
 */
export const providerGapRule: ExposureRule = (change, context) => {
  const members = context.world.resourcesOf(change.key).filter(({ mode }) => mode === 'managed');
  const written = members.find(({ type, action }) => type === 'azurerm_api_management_product' && action === 'update');
  const settings = members.filter((resource) => kindOf(resource) === 'product settings');
  const renewed = settings.some(({ action }) => ['create', 'update', 'replace'].includes(action));
  if (written === undefined || settings.length === 0 || renewed || change.after?.tokens !== true) {
    return [];
  }
  return [
    exposure(context, change, {
      rule: 'tokens-may-be-off',
      resource: written,
      kinds: ['breaking'],
      says: say`updating ${productName(change)} may switch its application based access off: the azurerm provider writes the product without it, and nothing in this plan switches it on again${clientList(change.clientsAfter, 'this concerns')}`,
      clients: change.clientsAfter,
    }),
  ];
};
