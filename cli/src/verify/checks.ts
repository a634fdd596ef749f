import { productKey, type ManifestApplication, type ManifestProduct } from '../manifest/manifest';
import { clean } from '../message';
import { listOf } from '../token/subject';
import { UserError } from '../user-error';
import type { Check, CheckName } from './model';

export interface Selection {
  readonly applications?: readonly string[];
  readonly products?: readonly string[];
  readonly hasSubscriptionKey: boolean;
}

/** Every check of the manifests: each application on each product that it was granted, and on each that it was not. */
export function checksOf(all: readonly ManifestApplication[], selection: Selection): readonly Check[] {
  const products = new Map(
    all.flatMap((application) => application.products.map((product) => [productKey(product), product])),
  );
  const applications = all.filter(({ name }) => selection.applications?.includes(name) ?? true);
  demandKnown(
    '--application',
    selection.applications,
    all.map(({ name }) => name),
  );
  demandKnown('--product', selection.products, [...new Set([...products.values()].map(({ id }) => id))]);
  const isWanted = ({ id }: ManifestProduct): boolean => selection.products?.includes(id) ?? true;
  return applications.flatMap((application) => {
    const granted = new Set(application.products.map(productKey));
    const others = [...products].filter(
      ([key, product]) => !granted.has(key) && isWanted(product) && isOfTenant(all, application, key),
    );
    return [
      ...application.products.filter(isWanted).flatMap((product) => {
        const names: readonly CheckName[] = [
          'granted',
          'no-token',
          'garbled-token',
          'forged-token',
          'other-product',
          ...(selection.hasSubscriptionKey ? (['subscription-key'] as const) : []),
        ];
        return names.map((name) => ({ application, product, name }));
      }),
      ...others.map(([, product]) => ({ application, product, name: 'not-granted' as const })),
    ];
  });
}

/** A product of another tenant is no product that the application could have been granted. */
function isOfTenant(all: readonly ManifestApplication[], { tenantId }: ManifestApplication, key: string): boolean {
  return all.some(
    (other) => other.tenantId === tenantId && other.products.some((product) => productKey(product) === key),
  );
}

function demandKnown(flag: string, wanted: readonly string[] = [], known: readonly string[]): void {
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(
      unknown.map((name) => `${flag} ${clean(name)}: no manifest has it; known are ${listOf(known)}`),
    );
  }
}
