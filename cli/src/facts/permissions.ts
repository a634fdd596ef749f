import { GRAPH_PERMISSIONS, graphPermissionByValue, type GraphPermission } from './graph-permissions';

/** Services of Microsoft by application id, the same in every tenant: a role of theirs is no product. */
const SERVICES: Readonly<Record<string, string>> = {
  '00000003-0000-0000-c000-000000000000': 'Microsoft Graph',
  '00000002-0000-0000-c000-000000000000': 'Azure Active Directory Graph',
  '00000002-0000-0ff1-ce00-000000000000': 'Office 365 Exchange Online',
  '00000003-0000-0ff1-ce00-000000000000': 'Office 365 SharePoint Online',
  '00000004-0000-0ff1-ce00-000000000000': 'Skype for Business Online',
  '00000007-0000-0000-c000-000000000000': 'Dataverse',
  '00000009-0000-0000-c000-000000000000': 'Power BI Service',
  '00000012-0000-0000-c000-000000000000': 'Microsoft Rights Management Services',
  '797f4846-ba00-4fd7-ba43-dac1f8f63013': 'Azure Service Management',
  'cfa8b339-82a2-471a-a3c9-0fc0be7a4093': 'Azure Key Vault',
  'e406a681-f3d4-42a8-90b6-c2b029497af1': 'Azure Storage',
  '022907d3-0f1b-48f7-badc-1ba6abab6d66': 'Azure SQL Database',
  'c5393580-f805-4401-95e8-94b7a6ef2fc2': 'Office 365 Management APIs',
  'fc780465-2017-40d4-a0c5-307022471b92': 'WindowsDefenderATP',
  'c161e42e-d4df-4a3d-9b42-e7a3c31f59d4': 'Microsoft Intune API',
  '8ee8fdad-f234-4243-8f3b-15c294843740': 'Microsoft Threat Protection',
  'ca7f3f0b-7d91-482c-8e09-c5d840d0eac5': 'Log Analytics API',
  '499b84ac-1321-427f-aa17-267ca6975798': 'Azure DevOps',
  'fb78d390-0c51-40cd-8e17-fdbfab77341b': 'Microsoft Exchange REST API Based PowerShell',
};

/** The name of a service of Microsoft. */
export function serviceOf(clientId: string | undefined): string | undefined {
  return clientId !== undefined && Object.hasOwn(SERVICES, clientId) ? SERVICES[clientId] : undefined;
}

export function isServiceName(name: string | undefined): boolean {
  return name !== undefined && Object.values(SERVICES).includes(name);
}

/** Application permissions of services other than Graph, by app role id. */
const OTHER: Readonly<Record<string, GraphPermission & { readonly service: string }>> = {
  'dc890d15-9560-4a4c-9b7f-a736ec74ec40': {
    service: 'Office 365 Exchange Online',
    value: 'full_access_as_app',
    allows: 'read, change and send all mail of everyone',
    tenantWide: false,
  },
  'dc50a0fb-09a3-484d-be87-e023b12c6440': {
    service: 'Office 365 Exchange Online',
    value: 'Exchange.ManageAsApp',
    allows: 'manage Exchange as an administrator does',
    tenantWide: false,
  },
  '678536fe-1083-478a-9c59-b99265e6b0d3': {
    service: 'Office 365 SharePoint Online',
    value: 'Sites.FullControl.All',
    allows: 'do everything in every site',
    tenantWide: false,
  },
};

export interface KnownPermission extends GraphPermission {
  readonly service: string;
}

/** A permission by the id or the value of its app role. */
export function permissionOf(id: string | undefined, value?: string): KnownPermission | undefined {
  const graph = id !== undefined && Object.hasOwn(GRAPH_PERMISSIONS, id) ? GRAPH_PERMISSIONS[id] : undefined;
  const found = graph ?? graphPermissionByValue(value ?? '');
  if (found !== undefined) {
    return { ...found, service: 'Microsoft Graph' };
  }
  return id !== undefined && Object.hasOwn(OTHER, id)
    ? OTHER[id]
    : Object.values(OTHER).find((other) => other.value === value);
}
