import { TerraformOutput, TerraformVariable } from 'cdktf';
import { ApimInstanceWithIdentity, IOAuthProduct, OAuthProduct } from '../../lib';
import { blockOf, child, counts, errorOf, newStack, synth, synthText, untyped } from '../support';

function declared(attrs: object = {}) {
  const stack = newStack();
  const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
    name: 'contoso-apim',
    resourceGroupName: 'rg',
  });
  const product: IOAuthProduct = OAuthProduct.fromProductId(stack, 'gold', {
    instance,
    productId: 'gold',
    displayName: 'Gold',
    ...attrs,
  });
  return { stack, instance, product };
}

describe('OAuthProduct.fromProductId', () => {
  test('default setup: reads, and refuses a product whose setting is off', () => {
    const { stack, instance, product } = declared();
    const terraform = synth(stack);

    expect(counts(terraform)).toEqual({ 'data.azurerm_client_config': 1, 'data.azapi_resource': 2 });
    expect(blockOf(terraform, child(product, 'Default'))).toEqual({
      type: 'Microsoft.ApiManagement/service/products@2024-10-01-preview',
      resource_id: '${data.azapi_resource.apim.id}/products/gold',
      response_export_values: {
        applicationId: 'properties.application.entra.applicationId',
        audience: 'properties.application.entra.audience',
        authenticationType: 'properties.authenticationType',
      },
      lifecycle: {
        postcondition: [
          {
            condition: '${try(contains(self.output.authenticationType, "application-token"), false)}',
            error_message:
              'Application based access is off for product gold: switch it on where the product is declared.',
          },
        ],
      },
    });
    expect([product.productId, product.displayName, product.instance]).toEqual(['gold', 'Gold', instance]);
    expect(product.tryPath).toBeUndefined();
    expect(product.node.defaultChild).toBe(child(product, 'Default'));
    expect(terraform.terraform.required_version).toBeUndefined();
  });

  test('attributes read Entra only where they are used', () => {
    const { stack, product } = declared();
    const { resourceId, applicationId, audience, scope, appRoleValue, appRoleId, servicePrincipalId } = product;
    new TerraformOutput(stack, 'out', {
      value: { resourceId, applicationId, audience, scope, appRoleValue, appRoleId, servicePrincipalId },
    });
    const terraform = synth(stack);
    const application = `data.azuread_application.${child(product, 'registration').friendlyUniqueId}`;
    const code =
      'try(coalesce(data.azapi_resource.gold.output.audience, try("api://${data.azapi_resource.gold.output.applicationId}", null)), null)';
    const role = (attribute: string) =>
      `\${try([for role in ${application}.app_roles : role.${attribute} if role.enabled && contains(role.allowed_member_types, "Application")][0], null)}`;

    expect(terraform.output.out.value).toEqual({
      resourceId: '${data.azapi_resource.gold.id}',
      applicationId: '${data.azapi_resource.gold.output.applicationId}',
      audience: `\${${code}}`,
      scope: `\${try("\${${code}}/.default", null)}`,
      appRoleValue: role('value'),
      appRoleId: role('id'),
      servicePrincipalId: `\${one(data.azuread_service_principals.${child(product, 'registration-principal').friendlyUniqueId}.service_principals[*].object_id)}`,
    });
    expect(counts(terraform)).toEqual({
      'data.azurerm_client_config': 1,
      'data.azapi_resource': 2,
      'data.azuread_application': 1,
      'data.azuread_service_principals': 1,
    });
    expect(terraform.check).toBeUndefined();
  });

  test('the same product may be read twice, and beside the one that declares it', () => {
    const { stack, instance } = declared();
    const again = OAuthProduct.fromProductId(stack, 'again', { instance, productId: 'gold', displayName: 'Gold' });
    const declaredHere = new OAuthProduct(stack, 'made', {
      instance,
      productId: 'gold',
      displayName: 'Gold',
      apiNames: ['echo'],
    });

    expect([again.productId, declaredHere.productId]).toEqual(['gold', 'gold']);
    expect(counts(synth(stack))).toMatchObject({ azapi_resource: 1, 'data.azapi_resource': 3 });
  });

  test('tokens pass', () => {
    const stack = newStack();
    const text = new TerraformVariable(stack, 'any', {}).stringValue;
    const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', { name: text, resourceGroupName: text });
    const product = OAuthProduct.fromProductId(stack, 'gold', { instance, productId: text, displayName: text });
    const block = blockOf(synth(stack), child(product, 'Default'));

    expect(block.resource_id).toBe('${data.azapi_resource.apim.id}/products/${var.any}');
    expect(block.lifecycle.postcondition[0].error_message).toBe(
      'Application based access is off for product ${var.any}: switch it on where the product is declared.',
    );
  });

  test('synthesizing twice gives the same bytes', () => {
    const { stack, product } = declared();
    new TerraformOutput(stack, 'out', { value: product.appRoleValue });
    expect(synthText(stack)).toBe(synthText(stack));
  });

  const ID =
    'productId: must contain only letters, digits, dashes and underscores, neither start nor end with a dash or underscore and have at most 80 characters, got';
  const NAME = 'displayName: must have 1 to 300 characters and not be blank, got';
  test.each<[string, object, string[]]>([
    ['a malformed id', { productId: 'a/b' }, [`${ID} "a/b"`]],
    ['no name', { displayName: '' }, [`${NAME} ""`]],
    ['nothing', { productId: undefined, displayName: undefined }, [`${ID} undefined`, `${NAME} undefined`]],
    ['no instance', { instance: undefined }, ['instance: must be an API Management instance, got undefined']],
  ])('fails when given %s', (_, attrs, lines) => {
    expect(errorOf(() => declared(untyped(attrs)))).toBe(lines.map((line) => `stack/gold: ${line}`).join('\n'));
  });
});
