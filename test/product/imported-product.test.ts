import { TerraformVariable } from 'cdktf';
import { OAuthProduct, ProductAuthorization } from '../../lib';
import {
  blockOf,
  child,
  errorOf,
  newClient,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  SUBSCRIPTION,
  synth,
  synthText,
} from '../support';

const SERVICE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ApiManagement/service/contoso-apim`;
const ID = `${SERVICE}/products/gold`;
const ASSIGNMENT = '/servicePrincipals/33333333-3333-4333-8333-333333333333/appRoleAssignedTo/abc';
const VERSION = '?api-version=2024-10-01-preview';

describe('OAuthProduct.importFrom', () => {
  test('takes over the product, its links and nothing that is not declared', () => {
    const stack = newStack();
    const gold = newProduct(stack, newInstance(stack), 'gold', {
      productId: 'gold',
      apiNames: ['orders', 'stock'],
      groupNames: ['partners'],
    });
    gold.importFrom(ID);
    gold.addApi('later');
    const terraform = synth(stack);

    expect(terraform.import.map(({ to, id }: { to: string; id: string }) => [to, id])).toEqual(
      expect.arrayContaining([
        ['azapi_resource.gold', `${ID}${VERSION}`],
        [`azurerm_api_management_product_api.${child(gold, 'apis').friendlyUniqueId}["orders"]`, `${ID}/apis/orders`],
        [`azurerm_api_management_product_api.${child(gold, 'apis').friendlyUniqueId}["stock"]`, `${ID}/apis/stock`],
        [
          `azurerm_api_management_product_group.${child(gold, 'groups').friendlyUniqueId}["partners"]`,
          `${ID}/groups/partners`,
        ],
      ]),
    );
    expect(terraform.import).toHaveLength(4);
    const block = blockOf(terraform, gold.node.defaultChild!);
    for (const name of [
      'retry',
      'response_export_values',
      'delete_query_parameters',
      'replace_triggers_external_values',
    ]) {
      expect(block).not.toHaveProperty(name);
    }
    expect(terraform.terraform.required_version).toBe('>= 1.5');
  });

  test('reads the registration by the id of the product, and clients in Entra keep their assignments', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const gold = newProduct(stack, apim, 'gold', { productId: 'gold' });
    gold.importFrom(ID);
    const client = newEntraClient(stack, apim, [gold]);
    const terraform = synth(stack);

    expect(synthText(stack)).not.toContain('${azapi_resource.gold.output.');
    expect(Object.values<any>(terraform.data.azapi_resource)).toContainEqual(
      expect.objectContaining({ resource_id: ID }),
    );
    expect(Object.keys(blockOf(terraform, child(client, 'apim-managed-grants')).for_each)).toEqual(['gold']);
    expect(client.node.tryFindChild('grants')).toBeUndefined();
  });

  test('takes over the policy that is declared', () => {
    const stack = newStack();
    const gold = newProduct(stack, newInstance(stack), 'gold', {
      productId: 'gold',
      authorization: ProductAuthorization.gatewayPolicy(),
    });
    gold.importFrom(ID);

    expect(synth(stack).import).toContainEqual({
      to: `azurerm_api_management_product_policy.${child(gold, 'policy').friendlyUniqueId}`,
      id: ID,
    });
  });

  test('fails for an id that is none', () => {
    const stack = newStack();
    const gold = newProduct(stack, newInstance(stack), 'gold', { productId: 'gold' });

    expect(errorOf(() => gold.importFrom('/apis/gold'))).toBe(
      `stack/gold.importFrom: resourceId: must be the full resource id of the product, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/products/<id>, got "/apis/gold"`,
    );
  });

  test('fails where names are tokens, whose links have no ids yet', () => {
    const stack = newStack();
    const gold = newProduct(stack, newInstance(stack), 'gold', {
      productId: 'gold',
      apiNames: [new TerraformVariable(stack, 'api', {}).stringValue],
    });

    expect(errorOf(() => gold.importFrom(ID))).toBe(
      'stack/gold.importFrom: apiNames: must be literal names where the product is imported, since the ids of its links contain them',
    );
  });

  test('leaves grants to clients in Entra where they are, given before or after them, and none is added', () => {
    const renderings = [true, false, undefined].map((first) => {
      const stack = newStack();
      const apim = newInstance(stack);
      const gold = newProduct(stack, apim, 'gold', { productId: 'gold' });
      if (first === true) {
        gold.importFrom(ID);
      }
      const client = newEntraClient(stack, apim, [gold]);
      if (first === false) {
        gold.importFrom(ID);
      }
      if (first !== undefined) {
        client.importGrant(gold, ASSIGNMENT);
      }
      const terraform = synth(stack);
      return {
        products: blockOf(terraform, client.node.findChild('granted-products')),
        addresses: Object.keys(terraform.resource.azuread_app_role_assignment),
        imports: (terraform.import as { to: string; id: string }[] | undefined)?.filter(({ to }) =>
          to.includes('grant'),
        ),
      };
    });

    const [before, after, never] = renderings;
    expect(before).toEqual(after);
    expect({ ...before, imports: undefined }).toEqual({ ...never, imports: undefined });
    expect(before.imports).toEqual([
      { to: expect.stringMatching(/^terraform_data\..*\["gold"\]$/), id: 'gold' },
      { to: expect.stringMatching(/^azuread_app_role_assignment\..*\["gold"\]$/), id: ASSIGNMENT },
    ]);
  });

  test('fails for a product that something else makes', () => {
    const stack = newStack();
    const gold = OAuthProduct.onExisting(stack, 'gold', {
      instance: newInstance(stack),
      productId: 'gold',
      displayName: 'Gold',
    });

    expect(errorOf(() => gold.importFrom(ID))).toBe(
      'stack/gold.importFrom: resourceId: is of a product that is declared here; OAuthProduct.onExisting has nothing to import',
    );
  });
});

describe('MultiProductApplication.importFrom', () => {
  const CLIENT = `${SERVICE}/clientApplications/partner`;

  test('takes over the client and its links under the names that they have', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const gold = newProduct(stack, apim, 'gold', { productId: 'gold' });
    const silver = newProduct(stack, apim, 'silver', { productId: 'silver', displayName: 'Silver' });
    const client = newClient(stack, apim, 'partner', { products: [gold, silver] });
    client.importFrom(CLIENT);
    client.importGrant(gold, `${CLIENT}/productLinks/made-by-hand`);
    const terraform = synth(stack);
    const grants = blockOf(terraform, child(client, 'grants'));

    expect(terraform.import).toContainEqual({ to: 'azapi_resource.partner', id: `${CLIENT}${VERSION}` });
    expect(grants.name).toBe('${lookup({"gold":"made-by-hand"}, each.key, each.key)}');
    expect(grants.replace_triggers_external_values).toBe('${[null, each.value][contains(["gold"], each.key) ? 0 : 1]}');
  });

  test('fails for an id that is none, and for a client in Entra', () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const gold = newProduct(stack, apim, 'gold', { productId: 'gold' });

    expect(errorOf(() => newClient(stack, apim, 'one', { products: [gold] }).importFrom('/x'))).toBe(
      'stack/one.importFrom: resourceId: must be the full resource id of the client application, /subscriptions/…/providers/Microsoft.ApiManagement/service/<instance>/clientApplications/<name>, got "/x"',
    );
    expect(errorOf(() => newEntraClient(stack, apim, [gold]).importFrom(CLIENT))).toBe(
      'stack/partner.importFrom: registration: only ClientRegistration.apimManaged() is one object that can be imported; use ClientRegistration.existing() for an application that exists in Entra',
    );
  });
});
