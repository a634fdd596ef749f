import { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import { TerraformStack } from 'cdktf';
import {
  AccessManifest,
  ApimInstanceWithIdentity,
  ClientCredential,
  ClientRegistration,
  MultiProductApplication,
  OAuthProduct,
  PreviewSandbox,
  ProductAuthorization,
} from '../lib';
import { newApp, newClient, newInstance, newProduct, newStack, SUBSCRIPTION, synth, TENANT, VAULT } from './support';

/** The constructs under the ids that the pages call them by, each kind in a stack of its own. */
const STACKS: (() => TerraformStack)[] = [
  () => {
    const stack = newStack();
    const apim = newInstance(stack);
    const gold = newProduct(stack, apim, 'gold', {
      groupNames: ['developers'],
      clientRateLimit: { calls: 1, renewalPeriod: 1 },
    });
    const starter = newProduct(stack, apim, 'starter', {
      displayName: 'Starter',
      clientRateLimit: { calls: 1, renewalPeriod: 1 },
    });
    const partner = newClient(stack, apim, 'partner', { products: [gold, starter] });
    const writer = new RoleAssignment(stack, 'writer', { scope: VAULT, principalId: TENANT });
    partner.storeClientSecret({ keyVaultId: VAULT, secretName: 'partner', dependsOn: [writer] });
    new AccessManifest(stack, 'access', { applications: [partner] });
    return stack;
  },
  () => {
    const stack = newStack();
    const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
      name: 'contoso-apim',
      resourceGroupName: 'rg',
      enableIdentity: true,
    });
    const starter = OAuthProduct.onExisting(stack, 'starter', {
      instance,
      productId: 'starter',
      displayName: 'Starter',
    });
    const orders = OAuthProduct.fromProductId(stack, 'orders-read', {
      instance,
      productId: 'orders',
      displayName: 'Orders',
    });
    newClient(stack, instance, 'partner', { products: [starter, orders] });
    return stack;
  },
  () => {
    const stack = newStack();
    const instance = ApimInstanceWithIdentity.fromExisting(stack, 'apim', {
      name: 'contoso-apim',
      resourceGroupName: 'rg',
    });
    newProduct(stack, instance, 'gold', { authorization: ProductAuthorization.gatewayPolicy(), exclusiveApis: true });
    OAuthProduct.onExisting(stack, 'starter', {
      instance,
      productId: 'starter',
      displayName: 'Starter',
      description: 'With tokens',
      acceptSubscriptionKey: false,
      authorization: ProductAuthorization.entraApplication(),
    });
    return stack;
  },
  () => {
    const stack = newStack();
    const instance = newInstance(stack);
    const starter = newProduct(stack, instance, 'starter', {
      displayName: 'Starter',
      authorization: ProductAuthorization.gatewayPolicy(),
    });
    const gold = newProduct(stack, instance, 'gold');
    const credentials = [
      ClientCredential.federated({ issuer: 'https://issuer.contoso.com', subject: 'worker', name: 'worker' }),
      ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'certificate' }),
      ClientCredential.password({ keyVaultId: VAULT, secretName: 'password' }),
    ];
    const [federated] = credentials;
    const registered = { instance, products: [starter, gold] };
    new MultiProductApplication(stack, 'importer', {
      ...registered,
      displayName: 'Importer',
      registration: ClientRegistration.entra({ credentials }),
    });
    new MultiProductApplication(stack, 'partner', {
      ...registered,
      displayName: 'Partner',
      registration: ClientRegistration.entra({ credentials: [federated] }),
    });
    return stack;
  },
  () => new PreviewSandbox(newApp(), 'sandbox', { ownerEmail: 'jane@contoso.com', subscriptionId: SUBSCRIPTION }),
];

const PREFIXES: Record<string, string> = { resource: '', data: 'data.', ephemeral: 'ephemeral.' };

/** Addresses of all blocks in the stacks. */
export function declaredAddresses(): string[] {
  return STACKS.flatMap((declare) => {
    const terraform = synth(declare());
    const typed = Object.entries(PREFIXES).flatMap(([kind, prefix]) =>
      Object.entries<object>(terraform[kind] ?? {}).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${prefix}${type}.${name}`),
      ),
    );
    const named = (kind: string, prefix: string): string[] =>
      Object.keys((terraform[kind] as object | undefined) ?? {}).map((name) => `${prefix}.${name}`);
    return [...typed, ...named('check', 'check'), ...named('output', 'output'), ...named('variable', 'var')];
  });
}

const ADDRESS =
  /^(?:(?:data|ephemeral)\.)?(?:(?:azapi|azuread|azurerm)_\w+|terraform_data)\.[\w<>…-]+(?:\["[^"]*"\])?$|^(?:check|output|var)\.[\w<>…-]+$/;

/** The addresses that a text names in code, as patterns: what it leaves open may be anything. */
export function namedAddresses(text: string): { readonly address: string; readonly pattern: RegExp }[] {
  const codes = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  return [...new Set(codes.filter((code) => ADDRESS.test(code)))].map((address) => {
    const escaped = address.replace(/\["[^"]*"\]$/, '').replace(/[.[\]]/g, '\\$&');
    return { address, pattern: new RegExp(`^${escaped.replace(/<[^>]+>|…/g, '.+')}$`) };
  });
}
