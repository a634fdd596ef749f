import { Fn, TerraformVariable, Token } from 'cdktf';
import { ApimSku } from '../../lib';
import { blockOf, child, errorOf, newInstance, newStack, synth, untyped } from '../support';

describe('ApimSku', () => {
  test.each([
    [ApimSku.developer(), 'Developer_1', 'Developer'],
    [ApimSku.basic(1), 'Basic_1', 'Basic'],
    [ApimSku.basic(2), 'Basic_2', 'Basic'],
    [ApimSku.standard(4), 'Standard_4', 'Standard'],
    [ApimSku.premium(99), 'Premium_99', 'Premium'],
    [ApimSku.custom('Premium_2'), 'Premium_2', 'Premium'],
    [ApimSku.custom('Consumption_0'), 'Consumption_0', 'Consumption'],
    [ApimSku.custom('StandardV2_10'), 'StandardV2_10', 'StandardV2'],
  ])('%s', (sku, skuName, tier) => {
    expect(sku.skuName).toBe(skuName);
    expect(String(sku)).toBe(skuName);
    expect(sku.tier).toBe(tier);
    expect(Token.isUnresolved(sku.skuName)).toBe(false);
  });

  test.each([
    ['Developer_1', true],
    ['Basic_2', true],
    ['Standard_1', true],
    ['Premium_12', true],
    ['Consumption_0', false],
    ['BasicV2_1', false],
    ['StandardV2_1', false],
    ['Isolated_1', false],
  ])('application based access on %s: %s', (name, supported) => {
    expect(ApimSku.custom(name).supportsApplicationBasedAccess).toBe(supported);
  });

  test.each([
    [() => ApimSku.basic(0), 'ApimSku.basic: units: must be a whole number from 1 to 2, got 0'],
    [() => ApimSku.basic(3), 'ApimSku.basic: units: must be a whole number from 1 to 2, got 3'],
    [() => ApimSku.standard(5), 'ApimSku.standard: units: must be a whole number from 1 to 4, got 5'],
    [() => ApimSku.standard(1.5), 'ApimSku.standard: units: must be a whole number from 1 to 4, got 1.5'],
    [() => ApimSku.premium(100), 'ApimSku.premium: units: must be a whole number from 1 to 99, got 100'],
    [() => ApimSku.premium(-1), 'ApimSku.premium: units: must be a whole number from 1 to 99, got -1'],
    [() => ApimSku.premium(NaN), 'ApimSku.premium: units: must be a whole number from 1 to 99, got NaN'],
    [() => ApimSku.premium(untyped('2')), 'ApimSku.premium: units: must be a whole number from 1 to 99, got "2"'],
    [
      () => ApimSku.premium(untyped(undefined)),
      'ApimSku.premium: units: must be a whole number from 1 to 99, got undefined',
    ],
    [
      () => ApimSku.custom('premium_2'),
      'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got "premium_2"',
    ],
    [() => ApimSku.custom('Premium'), 'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got "Premium"'],
    [() => ApimSku.custom(''), 'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got ""'],
    [
      () => ApimSku.custom('Premium_2\n'),
      'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got "Premium_2\\n"',
    ],
    [
      () => ApimSku.custom('Premium_02'),
      'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got "Premium_02"',
    ],
    [
      () => ApimSku.custom('Premium_1000'),
      'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got "Premium_1000"',
    ],
    [() => ApimSku.custom(untyped(null)), 'ApimSku.custom: sku: must be <tier>_<units> such as Premium_2, got null'],
    [
      () => ApimSku.custom('Developer_2'),
      'ApimSku.custom: sku: must have 1 to 1 units in the Developer tier, got "Developer_2"',
    ],
    [
      () => ApimSku.custom('Premium_0'),
      'ApimSku.custom: sku: must have 1 to 99 units in the Premium tier, got "Premium_0"',
    ],
    [
      () => ApimSku.custom('Premium_100'),
      'ApimSku.custom: sku: must have 1 to 99 units in the Premium tier, got "Premium_100"',
    ],
  ])('fails when it is no SKU (%#)', (make, message) => {
    expect(errorOf(make)).toBe(message);
  });

  test('a token as the SKU is taken as it is: its tier is not known, and everything is given the benefit of the doubt', () => {
    const stack = newStack();
    const sku = ApimSku.custom(new TerraformVariable(stack, 'sku', {}).stringValue);
    const apim = newInstance(stack, 'apim', { sku });

    expect(sku.tier).toBeUndefined();
    expect(sku.supportsApplicationBasedAccess).toBe(true);
    expect(blockOf(synth(stack), child(apim, 'Default')).sku_name).toBe('${var.sku}');
  });

  test('a token as the number of units leaves the tier known', () => {
    const stack = newStack();
    const sku = ApimSku.premium(new TerraformVariable(stack, 'units', {}).numberValue);
    const computed = ApimSku.standard(Token.asNumber(Fn.max([1, 2])));
    const apim = newInstance(stack, 'apim', { sku });
    const other = newInstance(stack, 'other', { name: 'other', sku: computed });

    expect([sku.tier, computed.tier]).toEqual(['Premium', 'Standard']);
    expect(blockOf(synth(stack), child(apim, 'Default')).sku_name).toBe('Premium_${var.units}');
    expect(blockOf(synth(stack), child(other, 'Default')).sku_name).toBe('Standard_${max(1, 2)}');
  });
});
