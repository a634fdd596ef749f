import { ITerraformDependable, ITerraformIterator, TerraformProvider, TerraformResourceLifecycle } from 'cdktf';

/** How azapi repeats a request that Azure refuses with a temporary error. */
export interface AzapiRetry {
  /** One or more regular expressions; azapi repeats a request whose error matches one of them. */
  readonly errorMessageRegex: string[];

  /**
   * Seconds before the first repetition.
   * @default - the provider's own, 10
   */
  readonly intervalSeconds?: number;

  /**
   * Maximum seconds between two repetitions; the operation's timeout limits all of them together.
   * @default - the provider's own, 180
   */
  readonly maxIntervalSeconds?: number;
}

/** How long an operation may take, as Terraform durations such as `30m` or `2h`. */
export interface AzapiTimeouts {
  /**
   * Creation.
   * @default - the provider's own, 30m
   */
  readonly create?: string;

  /**
   * Reading.
   * @default - the provider's own, 5m
   */
  readonly read?: string;

  /**
   * Change in place.
   * @default - the provider's own, 30m
   */
  readonly update?: string;

  /**
   * Deletion.
   * @default - the provider's own, 30m
   */
  readonly delete?: string;
}

/** What every azapi block takes. */
export interface AzapiBlockConfig {
  /** Resource type with api-version, such as `Microsoft.ApiManagement/service/products@2024-10-01-preview`. */
  readonly type: string;

  /**
   * Which values of Azure's response become `output`: names to JMESPath expressions. A value that Azure does not return
   * is null.
   * @default - none; the provider's own default would copy the whole response into the state
   */
  readonly responseExportValues?: { [name: string]: string };

  /**
   * Errors that azapi retries. It always retries 408, 429 and 5xx.
   * @default - no others
   */
  readonly retry?: AzapiRetry;

  /**
   * How long operations may take.
   * @default - the provider's own
   */
  readonly timeouts?: AzapiTimeouts;

  /**
   * What must exist first. Constructs of another stack are left out, since Terraform has no dependencies across stacks.
   * @default - only what the block refers to
   */
  readonly dependsOn?: ITerraformDependable[];

  /**
   * Configuration of the provider to use.
   * @default - the default configuration of the stack
   */
  readonly provider?: TerraformProvider;

  /**
   * Makes one instance for each element.
   * @default - a single instance
   */
  readonly forEach?: ITerraformIterator;

  /**
   * Terraform's lifecycle rules.
   * @default - none
   */
  readonly lifecycle?: TerraformResourceLifecycle;
}
