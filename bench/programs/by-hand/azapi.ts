import { ITerraformDependable, TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';

/** What a program on raw cdktf writes for a provider without prebuilt classes. */
export class AzapiProvider extends TerraformProvider {
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: { readonly subscriptionId: string },
  ) {
    super(scope, id, {
      terraformResourceType: 'azapi',
      terraformGeneratorMetadata: { providerName: 'azapi', providerVersionConstraint: '~> 2.7' },
      terraformProviderSource: 'Azure/azapi',
    });
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { subscription_id: this.config.subscriptionId };
  }
}

interface AzapiResourceConfig {
  readonly type: string;
  readonly parentId: string;
  readonly name: string;
  readonly body: unknown;
  readonly responseExportValues: unknown;
  readonly retry?: unknown;
  readonly deleteQueryParameters?: unknown;
  readonly replaceTriggersExternalValues?: unknown;
  readonly dependsOn?: ITerraformDependable[];
}

/** One object, one construct, its arguments as cdktf asks for them. */
export class AzapiResource extends TerraformResource {
  public constructor(
    scope: Construct,
    id: string,
    private readonly config: AzapiResourceConfig,
  ) {
    super(scope, id, {
      terraformResourceType: 'azapi_resource',
      terraformGeneratorMetadata: { providerName: 'azapi', providerVersionConstraint: '~> 2.7' },
      dependsOn: config.dependsOn,
    });
  }

  public get id(): string {
    return this.getStringAttribute('id');
  }

  public get name(): string {
    return this.getStringAttribute('name');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    const { config } = this;
    return {
      type: config.type,
      parent_id: config.parentId,
      name: config.name,
      body: config.body,
      response_export_values: config.responseExportValues,
      retry: config.retry,
      delete_query_parameters: config.deleteQueryParameters,
      replace_triggers_external_values: config.replaceTriggersExternalValues,
    };
  }
}
