import { ITerraformDependable, TerraformResource, TerraformResourceLifecycle } from 'cdktf';
import { Construct } from 'constructs';
import { PRODUCT, PRODUCT_POLICY } from '../azapi/arm-types';
import { AzapiResourceAction } from '../azapi/azapi-resource-action';
import { AzapiRetry } from '../azapi/azapi-types';
import { AzapiUpdateResource } from '../azapi/azapi-update-resource';
import { DataAzapiResource } from '../azapi/data-azapi-resource';
import { IApimInstance } from '../instance/apim-instance';
import { expressionOf } from '../terraform/expression';
import { allOf, anyOf, mapFor, object, tryOr } from '../terraform/hcl';
import { addressOf } from '../terraform/rendering';
import { requireTerraform } from '../terraform/required-version';
import { Assertion, TerraformCheck } from '../terraform/terraform-check';
import { TerraformDataBlock } from '../terraform/terraform-data-block';
import { AuthorizationKind } from './authorization-kind';

/** What is written to a product that something else made. */
export interface ExistingProductSettingProps {
  readonly instance: IApimInstance;
  readonly productId: string;
  readonly displayName: string;
  readonly kind: AuthorizationKind['name'];
  /** The properties that decide who may call. */
  readonly access: { [name: string]: unknown };
  /** Other properties, those that were given. */
  readonly others: { description?: string; terms?: string; state?: string };
  readonly exports: { [name: string]: string };
  readonly retry?: AzapiRetry;
  readonly dependsOn: ITerraformDependable[];
  /** What else writes the product, in this stack. */
  readonly managedBy?: TerraformResource;
  readonly source?: string;
}

/** The block that writes the setting, and the requests before it is destroyed. */
export interface ExistingProductSetting {
  readonly written: AzapiUpdateResource;
  readonly closing: AzapiResourceAction[];
}

/**
 * The properties that decide who may call a product. The values before the first change are kept for all of them, since a
 * later version of the program may write one that this version does not.
 */
const ACCESS = ['authenticationType', 'application', 'subscriptionRequired', 'approvalRequired', 'subscriptionsLimit'];

/** Properties that Azure refuses together with `subscriptionRequired: false`. */
const OF_SUBSCRIPTIONS = ['approvalRequired', 'subscriptionsLimit'];

/**
 * A replaced block is destroyed after its successor is created. The policy needs this, and Terraform requires the same of
 * all blocks that the policy depends on.
 */
const LAST = { createBeforeDestroy: true };

const KEYS_ONLY = ['subscription-key'];

/**
 * Writes properties of a product that exists, and restores its access on destroy.
 *
 * `azapi_update_resource` does nothing on destroy, so actions that run only then write the former values. They are read
 * before the first change and kept in the state, since every later read returns the new ones. The properties that
 * decide about access are restored in one request: a product with `subscriptionRequired: false` and its authentication
 * type put back alone would be open.
 */
export function declareExistingProductSetting(
  scope: Construct,
  props: ExistingProductSettingProps,
): ExistingProductSetting {
  const setting = new Setting(scope, props);
  requireTerraform(scope, '1.5');
  const former = setting.former('former-access', ACCESS);
  const restore = setting.whenGone('restore', setting.allOf(former), [], LAST);
  const restores = setting.restoreOthers(restore);
  const written = setting.write([restore, ...restores]);
  const closing = setting.close(former, written);
  setting.tellWhereOpen();
  return { written, closing };
}

class Setting {
  private readonly resourceId: string;
  private readonly before: DataAzapiResource;

  public constructor(
    private readonly scope: Construct,
    private readonly props: ExistingProductSettingProps,
  ) {
    this.resourceId = `${props.instance.instanceId}/products/${props.productId}`;
    const names = [...ACCESS, ...Object.keys(given(props.others))];
    this.before = new DataAzapiResource(scope, 'before', {
      type: PRODUCT,
      resourceId: this.resourceId,
      responseExportValues: Object.fromEntries(names.map((name) => [name, `properties.${name}`])),
      dependsOn: props.managedBy && [props.managedBy],
    });
  }

  /** Values before the first change. They are read again if the product is another one. */
  public former(id: string, names: string[]): TerraformDataBlock {
    return new TerraformDataBlock(this.scope, id, {
      input: Object.fromEntries(names.map((name) => [name, this.valueBefore(name)])),
      triggersReplace: this.resourceId,
      lifecycle: { ...LAST, ignoreChanges: ['input'] },
    });
  }

  /** The former access as properties of a request, without those that Azure did not return. */
  public allOf(former: TerraformDataBlock): unknown {
    const output = former.interpolationForAttribute('output');
    const isRefused = allOf(
      expressionOf`contains(${OF_SUBSCRIPTIONS}, name)`,
      expressionOf`${output}.subscriptionRequired == false`,
    );
    return mapFor({
      each: 'name, value',
      in: output,
      key: expressionOf`name`,
      value: expressionOf`value`,
      when: expressionOf`value != null && !(${isRefused})`,
    });
  }

  /** A request that is sent when its block is destroyed. */
  public whenGone(
    id: string,
    properties: unknown,
    dependsOn: ITerraformDependable[],
    lifecycle?: TerraformResourceLifecycle,
  ): AzapiResourceAction {
    const { instance, managedBy, retry } = this.props;
    const prerequisites = [instance.directoryRoleAssignment, managedBy].filter((one) => one !== undefined);
    return new AzapiResourceAction(this.scope, id, {
      type: PRODUCT,
      resourceId: this.resourceId,
      method: 'PATCH',
      headers: { 'If-Match': '*' },
      body: { properties },
      when: 'destroy',
      ignoreNotFound: true,
      retry,
      dependsOn: [...prerequisites, ...dependsOn],
      lifecycle,
    });
  }

  /** Restores each text and the state that were given, one after the other and before the access. */
  public restoreOthers(restore: AzapiResourceAction): AzapiResourceAction[] {
    const restores: AzapiResourceAction[] = [];
    for (const name of Object.keys(given(this.props.others))) {
      const former = this.former(`former-${name}`, [name]);
      const value = former.interpolationForAttribute(`output.${name}`);
      const properties = { [name]: expressionOf`${value} == null ? "" : ${value}` };
      restores.push(this.whenGone(`restore-${name}`, properties, [restores[restores.length - 1] ?? restore], LAST));
    }
    return restores;
  }

  public write(dependsOn: ITerraformDependable[]): AzapiUpdateResource {
    const { props } = this;
    const { managedBy } = props;
    const access: { [name: string]: unknown } =
      props.kind === 'gatewayPolicy' ? { authenticationType: KEYS_ONLY, ...props.access } : { ...props.access };
    return new AzapiUpdateResource(this.scope, 'Default', {
      type: PRODUCT,
      resourceId: this.resourceId,
      body: {
        properties: {
          ...given(props.others),
          ...access,
          ...(access.subscriptionRequired === false
            ? Object.fromEntries(OF_SUBSCRIPTIONS.map((name) => [name, null]))
            : {}),
        },
      },
      responseExportValues: props.exports,
      retry: props.retry,
      dependsOn: [...props.dependsOn, ...dependsOn, ...(managedBy === undefined ? [] : [managedBy])],
      lifecycle: { ...LAST, replaceTriggeredBy: managedBy && [addressOf(managedBy)] },
      source: props.source,
    });
  }

  /**
   * Requests before the setting is destroyed or replaced, while everything that it needs still exists: a policy
   * that protects the product, a registration that the product names. Unlike the rest, these are sent before the setting is
   * written again, so that the new setting changes what they restored.
   */
  public close(former: TerraformDataBlock, written: AzapiUpdateResource): AzapiResourceAction[] {
    const { kind, access } = this.props;
    const closing: AzapiResourceAction[] = [];
    if (access.subscriptionRequired === false) {
      const output = former.interpolationForAttribute('output');
      const answered = mapFor({
        each: 'name',
        in: OF_SUBSCRIPTIONS,
        key: expressionOf`name`,
        value: expressionOf`${output}[name]`,
        when: expressionOf`${output}[name] != null`,
      });
      const properties = expressionOf`merge(${object({ subscriptionRequired: true })}, ${answered})`;
      closing.push(this.whenGone('restore-subscriptions', properties, [written]));
    }
    if (kind !== 'apimManaged') {
      const keysOnly = { authenticationType: KEYS_ONLY, application: null, subscriptionRequired: true };
      closing.push(this.whenGone('close', keysOnly, [written, ...closing]));
    }
    return closing;
  }

  /** Adds a check that warns in a plan if the product is open. */
  public tellWhereOpen(): void {
    const { displayName } = this.props;
    const demandsKey = expressionOf`${tryOr(this.before.outputValue('subscriptionRequired'), true)} != false`;
    const types = this.before.outputValue('authenticationType');
    const demandsToken = tryOr(expressionOf`contains(${types}, "application-token")`, false);
    const hasPolicy = new DataAzapiResource(this.scope, 'policy-before', {
      type: PRODUCT_POLICY,
      resourceId: `${this.resourceId}/policies/policy`,
      ignoreNotFound: true,
      dependsOn: this.props.managedBy && [this.props.managedBy],
    }).getBooleanAttribute('exists');
    const assertion: Assertion = {
      condition: anyOf(demandsKey, demandsToken, hasPolicy),
      message: `Product ${displayName} is open: anyone who knows the URL can call its APIs. This setting closes it; when the setting is destroyed, the product is open again.`,
    };
    new TerraformCheck(this.scope, 'open-before', [assertion]);
  }

  /** A product without an authentication type in Azure accepts keys only. */
  private valueBefore(name: string): unknown {
    const value = this.before.outputValue(name);
    return name === 'authenticationType'
      ? tryOr(expressionOf`tolist(${value})`, expressionOf`tolist(${KEYS_ONLY})`)
      : value;
  }
}

function given(values: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
