import { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiResource } from '../azapi/azapi-resource';
import { importInstances, importObject } from '../terraform/import-block';
import { resolvedIn } from '../terraform/resolved-text';
import * as limits from '../validation/limits';
import { Problems } from '../validation/problems';

/**
 * Imports an existing product, with its links to the APIs and groups that are declared so far, and its policy if one is
 * declared.
 */
export function importProduct(product: Construct, resourceId: string): void {
  const block = product.node.defaultChild;
  const [apis, groups] = [namesOf(product, 'apis'), namesOf(product, 'groups')];
  const problems = new Problems(`${product.node.path}.importFrom`);
  problems.add('resourceId', limits.productResourceId(resourceId));
  if (!(block instanceof AzapiResource)) {
    problems.add('resourceId', 'is of a product that is declared here; OAuthProduct.onExisting has nothing to import');
  }
  for (const [prop, names] of [
    ['apiNames', apis],
    ['groupNames', groups],
  ] as const) {
    if (names === undefined) {
      problems.add(
        prop,
        'must be literal names where the product is imported, since the ids of its links contain them',
      );
    }
  }
  problems.throwIfAny();
  (block as AzapiResource).importFrom(resourceId);
  importLinks(product, 'apis', apis!, (name) => `${resourceId}/apis/${name}`);
  importLinks(product, 'groups', groups!, (name) => `${resourceId}/groups/${name}`);
  const policy = partOf(product, 'policy');
  if (policy !== undefined) {
    importObject(policy, resourceId);
  }
}

function partOf(product: Construct, id: string): TerraformResource | undefined {
  return product.node.tryFindChild(id) as TerraformResource | undefined;
}

/** The keys of the links; undefined where only Terraform knows them. */
function namesOf(product: Construct, id: string): string[] | undefined {
  const links = partOf(product, id);
  if (links === undefined) {
    return [];
  }
  const { for_each: each } = resolvedIn(links, (links as unknown as { rawOverrides: object }).rawOverrides) as {
    for_each?: unknown;
  };
  return typeof each === 'object' && each !== null ? Object.keys(each) : undefined;
}

function importLinks(product: Construct, id: string, names: string[], idOf: (name: string) => string): void {
  const links = partOf(product, id);
  if (links !== undefined && names.length > 0) {
    importInstances(links, Object.fromEntries(names.map((name) => [name, idOf(name)])));
  }
}
