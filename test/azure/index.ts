export { DEPLOYER, SUBSCRIPTION_ID, TENANT_DOMAIN, TENANT_ID } from './identifiers';
export { GITHUB_ACTIONS } from './entra/issuers';
export type { Fault } from './faults';
export { Landscape } from './landscape';
export type {
  ApiSpec,
  ClientSpec,
  CredentialsSpec,
  InstanceSpec,
  ProductSpec,
  Registered,
  RegistrationSpec,
  SecretSpec,
} from './landscape';
export { managedIdentityEnvironment, startLocalAzure } from './local-azure';
export type { DirectAnswer, LocalAzure, LocalAzureOptions } from './local-azure';
export type { RecordedRequest } from './request-log';
export type { Settings } from './settings';
export type { Snapshot } from './snapshot';
