import { ApiManagementApiPolicy } from '@cdktf/provider-azurerm/lib/api-management-api-policy';
import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { TerraformStack, Token } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { stableKey } from '../instance/instance-identity';
import { Fact } from '../names/fact';
import { PolicyElement, policyXml } from '../policy/policy-xml';
import { DeclaredInStack } from '../terraform/declared-in-stack';
import { eachOf } from '../terraform/each-of';
import { late } from '../terraform/late';
import { resolvedText } from '../terraform/resolved-text';
import * as limits from '../validation/limits';

/** Another product of the program, with the names of its APIs. */
interface LinkedProduct {
  readonly node: IConstruct;
  readonly names: readonly string[];
}

/** The APIs that a product has, for other products of the program. */
export const LINKED = new Fact<{ readonly instance: IApimInstance; readonly names: readonly string[] }>('linked apis');

/**
 * Refuses calls of an API that do not come through the product, such as those with a key for the API, for all APIs or for
 * another product: the checks of the product do not apply to them.
 */
function onlyThrough(productId: string): PolicyElement {
  const base: PolicyElement = { name: 'base' };
  const refused: PolicyElement = {
    name: 'return-response',
    children: [{ name: 'set-status', attributes: { code: '401', reason: 'Unauthorized' } }],
  };
  const otherwise: PolicyElement = {
    name: 'choose',
    children: [
      { name: 'when', attributes: { condition: `@(context.Product?.Id != "${productId}")` }, children: [refused] },
    ],
  };
  return {
    name: 'policies',
    children: [
      { name: 'inbound', children: [base, otherwise] },
      ...['backend', 'outbound', 'on-error'].map((name) => ({ name, children: [base] })),
    ],
  };
}

/** APIs that can be called through one product only, by a policy of each API. */
export class ExclusiveApis {
  public constructor(
    private readonly product: Construct,
    private readonly instance: IApimInstance,
    private readonly names: readonly string[],
  ) {}

  /** Declares a policy for each API, once for all of them. */
  public declarePolicies(productId: string): void {
    const { instance } = this;
    const policies = new ApiManagementApiPolicy(this.product, 'api-policies', {
      apiManagementName: instance.instanceName,
      resourceGroupName: instance.resourceGroupName,
      apiName: '${each.key}',
      xmlContent: policyXml(onlyThrough(productId)),
    });
    policies.addOverride(
      'for_each',
      late(() => eachOf(this.names)),
    );
  }

  /** Reasons why an API is not exclusive, once the whole program is known. */
  public problems(declared: DeclaredInStack): string[] {
    const products = this.otherProducts();
    return this.names.flatMap((name) => {
      const text = resolvedText(this.product, name);
      const shown = limits.shown(text);
      const policy = this.otherPolicyOf(text, declared);
      const others = this.othersWith(text, products, declared);
      return [
        ...(policy === undefined
          ? []
          : [
              `exclusiveApis: ${shown} has its policy from ${policy}, and API Management takes one policy for an API; remove that or leave out exclusiveApis and refuse other calls there`,
            ]),
        ...others.map(
          (other) =>
            `exclusiveApis: ${shown} is in ${other} as well, whose callers would be refused; give the product APIs of its own or leave out exclusiveApis`,
        ),
      ];
    });
  }

  private otherPolicyOf(api: string, declared: DeclaredInStack): string | undefined {
    return declared
      .ofType(ApiManagementApiPolicy)
      .find((one) => one.node.scope !== this.product && resolvedText(one, one.apiNameInput ?? '') === api)?.node.path;
  }

  /** The other products of the program whose APIs are known, on the same instance. The whole program is walked for them. */
  private otherProducts(): LinkedProduct[] {
    const { product, instance } = this;
    return product.node.root.node.findAll().flatMap((node) => {
      const linked = node === product ? undefined : LINKED.of(node);
      return linked !== undefined &&
        !Token.isUnresolved(linked.names) &&
        stableKey(instance) === stableKey(linked.instance)
        ? [{ node, names: linked.names }]
        : [];
    });
  }

  /** Products of the program and links of azurerm's own that have the API, by their paths. */
  private othersWith(api: string, others: readonly LinkedProduct[], declared: DeclaredInStack): string[] {
    const isReference = api.includes('${');
    const products = others
      .filter(
        ({ node, names }) =>
          (!isReference || TerraformStack.of(node) === TerraformStack.of(this.product)) &&
          names.some((name) => same(resolvedText(node, name), api)),
      )
      .map(({ node }) => node);
    const links = declared
      .ofType(ApiManagementProductApi)
      .filter(
        (link) => LINKED.of(link.node.scope) === undefined && same(resolvedText(link, link.apiNameInput ?? ''), api),
      );
    return [...products, ...links].map(({ node }) => node.path);
  }
}

/** API Management's names differ by more than their case, addresses of Terraform do not. */
const same = (one: string, other: string): boolean =>
  one === other || (!one.includes('${') && one.toLowerCase() === other.toLowerCase());
