import { ITerraformDependable, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { IApimInstance } from '../instance/apim-instance';
import { AzapiResourceAction } from '../azapi/azapi-resource-action';
import { AzapiRetry } from '../azapi/azapi-types';
import { AzapiUpdateResource } from '../azapi/azapi-update-resource';
import { DataAzapiResource } from '../azapi/data-azapi-resource';
import { expressionOf } from '../terraform/expression';
import { addressOf } from '../terraform/rendering';
import { requireTerraform } from '../terraform/required-version';
import { TerraformDataBlock } from '../terraform/terraform-data-block';

/** What is written to a product that something else made. */
export interface ExistingProductSettingProps {
  readonly type: string;
  readonly instance: IApimInstance;
  readonly productId: string;
  /** The properties that decide who may call. They are put back when the construct goes. */
  readonly access: { [name: string]: unknown };
  /** Other properties that were given. They stay. */
  readonly others: { [name: string]: unknown };
  readonly exports: { [name: string]: string };
  readonly retry?: AzapiRetry;
  readonly dependsOn: ITerraformDependable[];
  /** What else writes the product, in this stack. */
  readonly managedBy?: TerraformResource;
  readonly source?: string;
}

/**
 * Writes properties of a product that exists, and what puts its access back on destroy.
 *
 * `azapi_update_resource` does nothing on destroy, so an action that runs only then writes the former values. They are
 * read before the first change and kept in the state, since every later read answers the new ones. All of them go back in
 * one request: a product with `subscriptionRequired: false` and its authentication type put back alone would be open.
 */
export function declareExistingProductSetting(
  scope: Construct,
  props: ExistingProductSettingProps,
): AzapiUpdateResource {
  const { managedBy } = props;
  const resourceId = `${props.instance.instanceId}/products/${props.productId}`;
  const before = new DataAzapiResource(scope, 'before', {
    type: props.type,
    resourceId,
    responseExportValues: Object.fromEntries(Object.keys(props.access).map((name) => [name, `properties.${name}`])),
    dependsOn: managedBy && [managedBy],
  });
  const former = new TerraformDataBlock(scope, 'former-access', {
    input: Object.fromEntries(Object.keys(props.access).map((name) => [name, formerValue(before, name)])),
    lifecycle: { ignoreChanges: ['input'] },
  });
  requireTerraform(scope, '1.5');
  const restore = new AzapiResourceAction(scope, 'restore', {
    type: props.type,
    resourceId,
    method: 'PATCH',
    headers: { 'If-Match': '*' },
    body: {
      properties: expressionOf`{ for name, value in ${former.interpolationForAttribute('output')} : name => value if value != null }`,
    },
    when: 'destroy',
    ignoreNotFound: true,
    retry: props.retry,
    dependsOn: props.dependsOn,
  });
  return new AzapiUpdateResource(scope, 'Default', {
    type: props.type,
    resourceId,
    body: { properties: { ...props.others, ...props.access } },
    responseExportValues: props.exports,
    retry: props.retry,
    dependsOn: [...props.dependsOn, restore, ...(managedBy === undefined ? [] : [managedBy])],
    lifecycle: managedBy && { replaceTriggeredBy: [addressOf(managedBy)] },
    source: props.source,
  });
}

/** Azure means keys where it answers no authentication type. */
function formerValue(before: DataAzapiResource, name: string): unknown {
  const value = before.outputValue(name);
  return name === 'authenticationType' ? expressionOf`try(tolist(${value}), tolist(["subscription-key"]))` : value;
}
