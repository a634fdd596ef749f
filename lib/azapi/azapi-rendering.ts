import { TerraformProviderGeneratorMetadata } from 'cdktf';
import { AzapiBlockConfig, AzapiRetry } from './azapi-types';

/** The provider as cdktf's own validation and `required_providers` want it named. */
export const AZAPI: TerraformProviderGeneratorMetadata = {
  providerName: 'azapi',
  providerVersionConstraint: '~> 2.7',
};

/** The arguments that all azapi blocks share. */
export function commonArguments(config: AzapiBlockConfig): { [name: string]: unknown } {
  return {
    type: config.type,
    // A list exports paths, a map names them; the empty list is the provider's way to export nothing.
    response_export_values: config.responseExportValues ?? [],
    retry: config.retry && retryToTerraform(config.retry),
    timeouts: config.timeouts && { ...config.timeouts },
  };
}

function retryToTerraform(retry: AzapiRetry): { [name: string]: unknown } {
  return {
    error_message_regex: retry.errorMessageRegex,
    interval_seconds: retry.intervalSeconds,
    max_interval_seconds: retry.maxIntervalSeconds,
  };
}
