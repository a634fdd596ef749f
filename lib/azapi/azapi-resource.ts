import { IResolvable, TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AzapiManagedResource } from './azapi-managed-resource';
import { commonArguments } from './azapi-rendering';
import { AzapiBlockConfig } from './azapi-types';
import { DataAzapiResource } from './data-azapi-resource';
import { besidesImported } from './imported-instances';
import { LeanReference } from '../terraform/lean-reference';
import { addressOf, given } from '../terraform/rendering';
import { recordSource } from '../terraform/source-line';

/** Settings of an `azapi_resource`. */
export interface AzapiResourceConfig extends AzapiBlockConfig {
  /** Azure resource id of the object's parent. */
  readonly parentId: string;

  /** Name of the object below its parent. */
  readonly name: string;

  /**
   * Request body as Azure Resource Manager takes it: `properties` and the like, in Azure's own spelling.
   * @default - an empty body
   */
  readonly body?: { [name: string]: any };

  /**
   * Azure region, for types that have one.
   * @default - none
   */
  readonly location?: string;

  /**
   * Azure tags, for types that have them.
   * @default - none
   */
  readonly tags?: { [name: string]: string };

  /**
   * Query parameters of the request that deletes the object: names to values.
   * @default - none
   */
  readonly deleteQueryParameters?: { [name: string]: string[] };

  /**
   * A value that makes Terraform replace the object when it changes, such as the id of an object that it refers to.
   * @default - none
   */
  readonly replaceTriggersExternalValues?: any;

  /**
   * Check the body against Azure's types when planning.
   * @default true
   */
  readonly schemaValidationEnabled?: boolean;

  /**
   * Where the program declared the object, `file:line`, kept as a comment beside the block.
   * @default - not recorded
   */
  readonly source?: string;

  /**
   * Makes one instance for each entry of a map or a Terraform expression for one, for keys that no iterator can have.
   * Not together with `forEach`.
   * @default - a single instance
   */
  readonly instances?: IResolvable;
}

/** Arguments that an import does not know, so that the provider would plan a change of them. */
const UNKNOWN_TO_AZURE = [
  'response_export_values',
  'retry',
  'timeouts',
  'delete_query_parameters',
  'replace_triggers_external_values',
];

/**
 * An `azapi_resource`: an object that Terraform creates, changes and deletes through Azure Resource Manager.
 *
 * Source: https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/resource
 */
export class AzapiResource extends AzapiManagedResource {
  /** Type of the block in Terraform. */
  public static readonly tfResourceType = 'azapi_resource';

  private _name?: string;
  private read?: DataAzapiResource;
  private imported = false;

  /** Declares the object. */
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiResourceConfig,
  ) {
    super(scope, id, AzapiResource.tfResourceType, config);
    recordSource(this, config.source);
  }

  /** Name of the object below its parent, as a reference to this resource. */
  public get name(): string {
    this._name ??= this.getStringAttribute('name');
    return this._name;
  }

  /**
   * Imports an existing object by its Azure resource id. If the body matches Azure, the plan shows no change: arguments
   * that Azure does not know, such as `retry`, are left out while the object is imported here, and a data source reads
   * the exported values.
   *
   * Fails for a resource with `forEach`, whose instances `importInstance` imports one by one.
   */
  public override importFrom(id: string, provider?: TerraformProvider): void {
    super.importFrom(this.withApiVersion(id), provider);
    this.imported = true;
    const { type, responseExportValues = {} } = this.config;
    if (Object.keys(responseExportValues).length > 0) {
      this.read = new DataAzapiResource(this, 'read', {
        type,
        resourceId: id.split('?')[0],
        responseExportValues,
        provider,
      });
      for (const reference of this._references) {
        reference.redirect(this.whereRead(reference.address));
      }
    }
  }

  /**
   * Imports an existing object as one instance of a resource with `forEach`. It leaves out the same arguments as
   * `importFrom`.
   *
   * @param key the instance's key; `to` becomes `<address>["<key>"]`
   * @param id Azure resource id of the object
   */
  public override importInstance(key: string, id: string): void {
    super.importInstance(key, this.withApiVersion(id));
  }

  /** A reference to an attribute, made once. */
  public override interpolationForAttribute(terraformAttribute: string): IResolvable {
    const reference = super.interpolationForAttribute(terraformAttribute);
    if (reference instanceof LeanReference) {
      reference.redirect(this.whereRead(reference.address));
    }
    return reference;
  }

  /** Exported values of an imported object are those of the data source. */
  private whereRead(address: string): string {
    const exported = `${addressOf(this)}.output.`;
    return this.read !== undefined && address.startsWith(exported)
      ? `${addressOf(this.read)}.output.${address.slice(exported.length)}`
      : address;
  }

  /** Without a version the provider tries the newest ones that it knows. */
  private withApiVersion(id: string): string {
    const [, version] = this.config.type.split('@');
    return version === undefined || id.includes('?') ? id : `${id}?api-version=${version}`;
  }

  /** @internal */
  protected override _instances(): IResolvable | undefined {
    return this.config.instances;
  }

  /** Arguments of the block. */
  protected override synthesizeAttributes(): { [name: string]: any } {
    const settings = this.allArguments();
    if (this.imported) {
      return given({ ...settings, ...Object.fromEntries(UNKNOWN_TO_AZURE.map((name) => [name, undefined])) });
    }
    const keys = this._importedKeys;
    if (keys.length === 0) {
      return given(settings);
    }
    const unknown = UNKNOWN_TO_AZURE.filter((name) => settings[name] !== undefined);
    return given({
      ...settings,
      ...Object.fromEntries(unknown.map((name) => [name, besidesImported(keys, settings[name])])),
    });
  }

  private allArguments(): { [name: string]: any } {
    const { config } = this;
    return {
      ...commonArguments(config),
      parent_id: config.parentId,
      name: config.name,
      body: config.body,
      location: config.location,
      tags: config.tags,
      delete_query_parameters: config.deleteQueryParameters,
      replace_triggers_external_values: config.replaceTriggersExternalValues,
      schema_validation_enabled: config.schemaValidationEnabled,
    };
  }
}
