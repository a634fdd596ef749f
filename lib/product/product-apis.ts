import { ApiManagement } from '@cdktf/provider-azurerm/lib/api-management';
import { ApiManagementApi } from '@cdktf/provider-azurerm/lib/api-management-api';
import { ApiManagementProduct } from '@cdktf/provider-azurerm/lib/api-management-product';
import { ApiManagementProductApi } from '@cdktf/provider-azurerm/lib/api-management-product-api';
import { TerraformResource, TerraformStack, Token } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { claimName, holderOf, instanceLabel, InstanceName, isAnother } from '../instance/instance-identity';
import { DeclaredInStack } from '../terraform/declared-in-stack';
import { eachOf } from '../terraform/each-of';
import { late } from '../terraform/late';
import { addressOf } from '../terraform/rendering';
import { recordSource } from '../terraform/source-line';
import { resolvedText } from '../terraform/resolved-text';
import * as limits from '../validation/limits';
import { ExclusiveApis, LINKED } from './exclusive-apis';
import { placeOf, ProductBlocks } from './product-source';

const ONE_OPEN_PRODUCT = 'API Management takes an API in one product that requires no subscription';

/** The APIs that a product gives access to, one link for each. */
export class ProductApis {
  private readonly names: string[] = [];
  private readonly exclusive?: ExclusiveApis;
  private links?: ApiManagementProductApi;

  public constructor(
    private readonly product: Construct,
    private readonly instance: IApimInstance,
    /** Whether the product requires no subscription and no token by itself: a policy does. */
    private readonly isOpen: boolean,
    private readonly blocks: ProductBlocks,
    isExclusive: boolean,
  ) {
    LINKED.keep(product, { instance, names: this.names });
    this.exclusive = isExclusive ? new ExclusiveApis(product, instance, this.names) : undefined;
  }

  /** Whether an API is linked. API Management's names differ by more than their case. */
  public has(name: string): boolean {
    return this.names.some((linked) =>
      Token.isUnresolved(linked) || Token.isUnresolved(name)
        ? linked === name
        : linked.toLowerCase() === name.toLowerCase(),
    );
  }

  /** `source` is where the program asked for it; none where it did with the product itself. */
  public link(name: string, source?: string): void {
    this.names.push(name);
    this.links ??= this.declareLinks();
    if (!Token.isUnresolved(name)) {
      recordSource(this.links, source, name);
    }
  }

  private declareLinks(): ApiManagementProductApi {
    const { instance, blocks } = this;
    this.exclusive?.declarePolicies(blocks.name);
    const links = new ApiManagementProductApi(this.product, 'apis', {
      ...placeOf(instance, blocks.name, blocks.lifecycle),
      apiName: '${each.key}',
      dependsOn: blocks.beforeApis.length > 0 ? blocks.beforeApis : undefined,
    });
    links.addOverride(
      'for_each',
      late(() => eachOf(this.names)),
    );
    return links;
  }

  /** What is wrong once the whole program is known, since names are references. */
  public problems(): string[] {
    if (Token.isUnresolved(this.names)) {
      return [];
    }
    const texts = this.names.map((name) => resolvedText(this.product, name));
    const twice = texts.filter((text, at) => texts.indexOf(text) < at);
    const declared = DeclaredInStack.when(this.product);
    return [
      ...twice.map((text) => `apiNames: must not contain the same value twice, got ${limits.shown(text)} again`),
      ...texts.flatMap((text) => this.problemsOfInstance(text, declared)),
      ...(this.exclusive?.problems(declared) ?? []),
      ...(this.isOpen ? texts.flatMap((text) => this.problemsOfOpenProducts(text, declared)) : []),
    ];
  }

  /** The API of another instance: Azure would not find it. */
  private problemsOfInstance(text: string, declared: DeclaredInStack): string[] {
    const api = declared.ofType(ApiManagementApi).find((one) => text === `\${${addressOf(one)}.name}`);
    const given = api?.apiManagementNameInput;
    if (api === undefined || given === undefined) {
      return [];
    }
    const name = this.literalInstanceName(given, declared);
    if (name === undefined || !isAnother(this.instance, name, this.instance.resourceGroupName)) {
      return [];
    }
    return [
      `apiNames: ${api.node.path} belongs to instance ${name}, the product to ${instanceLabel(this.instance)}; both must belong to the same`,
    ];
  }

  /** The name of an instance, as a text or by the block that makes it. */
  private literalInstanceName(given: string, declared: DeclaredInStack): string | undefined {
    const text = resolvedText(this.product, given);
    const made = declared.ofType(ApiManagement).find((one) => text === `\${${addressOf(one)}.name}`);
    const name = made === undefined ? given : made.nameInput;
    return name === undefined || Token.isUnresolved(name) ? undefined : name;
  }

  private problemsOfOpenProducts(text: string, declared: DeclaredInStack): string[] {
    const { product, instance } = this;
    const key = text.includes('${') ? `${TerraformStack.of(product).node.path}: ${text}` : text;
    const shown = limits.shown(text);
    const name: InstanceName = { instance, kind: 'API of an open product', name: key };
    const holder = holderOf(name);
    if (holder === undefined) {
      claimName(product, name);
    }
    const other = holder === undefined || holder === product.node.path ? this.openProductOf(text, declared) : holder;
    return other === undefined
      ? []
      : [
          `apiNames: ${shown} is in ${other} as well, and ${ONE_OPEN_PRODUCT}; give each ProductAuthorization.gatewayPolicy() product APIs of its own`,
        ];
  }

  /** An open product of azurerm's in the same stack that has the API. */
  private openProductOf(api: string, declared: DeclaredInStack): string | undefined {
    const isOpenProduct = (id: string): TerraformResource | undefined =>
      declared
        .ofType(ApiManagementProduct)
        .find(
          (one) =>
            one.subscriptionRequiredInput === false &&
            (id === `\${${addressOf(one)}.product_id}` || id === resolvedText(one, one.productIdInput ?? '')),
        );
    for (const link of declared.ofType(ApiManagementProductApi)) {
      const [name, id] = [link.apiNameInput, link.productIdInput].map((text) => resolvedText(link, text ?? ''));
      const open = name === api ? isOpenProduct(id) : undefined;
      if (open !== undefined) {
        return open.node.path;
      }
    }
    return undefined;
  }
}
