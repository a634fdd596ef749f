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

/** What writes the setting, and what is sent before it ends. */
export interface ExistingProductSetting {
  readonly written: AzapiUpdateResource;
  readonly closing: AzapiResourceAction[];
}

/**
 * Everything that decides who may call a product. All of it is kept from before the first change, also what is not written
 * today, since it may be written tomorrow.
 */
const ACCESS = ['authenticationType', 'application', 'subscriptionRequired', 'approvalRequired', 'subscriptionsLimit'];

/** What Azure refuses beside `subscriptionRequired: false`. */
const OF_SUBSCRIPTIONS = ['approvalRequired', 'subscriptionsLimit'];

/**
 * What a setting replaces is destroyed after its successor is created. The policy needs this, and Terraform requires the same
 * of everything that the policy depends on.
 */
const LAST = { createBeforeDestroy: true };

const KEYS_ONLY = ['subscription-key'];

/**
 * Writes properties of a product that exists, and what puts its access back on destroy.
 *
 * `azapi_update_resource` does nothing on destroy, so actions that run only then write the former values. They are read
 * before the first change and kept in the state, since every later read answers the new ones. What decides about access
 * is restored in one request: a product with `subscriptionRequired: false` and its authentication type put back alone would
 * be open.
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

  /** Values as they are before the first change. Another product's are other values. */
  public former(id: string, names: string[]): TerraformDataBlock {
    return new TerraformDataBlock(this.scope, id, {
      input: Object.fromEntries(names.map((name) => [name, this.valueBefore(name)])),
      triggersReplace: this.resourceId,
      lifecycle: { ...LAST, ignoreChanges: ['input'] },
    });
  }

  /** The former access as a request's properties. What Azure did not answer stays out. */
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

  /** What puts back each text and the state that were given, one after the other and before the access. */
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
   * What is sent before the setting ends or gives way to another one, while all that it needs is still there: a policy
   * that stands before the product, a registration that the product names. Unlike the rest, these are sent before the setting is
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

  /** Says in a plan that finds the product open. */
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

  /** Azure means keys where it answers no authentication type. */
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
