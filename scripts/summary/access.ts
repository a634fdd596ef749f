import { asObject, Block, TerraformJson } from './synthesis';

/** Something that people know by a name. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/** Which application may call which product. */
export interface Access {
  readonly products: string[];
  readonly applications: { readonly name: string; readonly products: ReadonlySet<string> }[];
}

interface Grant {
  readonly application: Named;
  readonly product: Named;
}

const PRODUCT_LINK = /\/clientApplications\/productLinks@/;
const ADDRESS = /\b(?:data\.)?((?:azapi|azuread|azurerm)_\w+)\.([A-Za-z0-9_-]+)/g;

/**
 * The access of a stack, from the outputs of its access manifests and from its product links, so that an application
 * without a manifest is in the table too.
 */
export function accessOf(terraform: TerraformJson): Access {
  const described = grantsOfManifests(terraform);
  const applicationIds = new Set(described.map(({ application }) => application.id));
  // The manifest says all of an application, and a product that exists under another address than its links do.
  const grants = [
    ...described,
    ...grantsOfLinks(terraform).filter(({ application }) => !applicationIds.has(application.id)),
  ];
  const products = distinctNames(grants.map(({ product }) => product));
  const applications = distinctNames(grants.map(({ application }) => application));
  const granted = new Map([...applications.keys()].map((id) => [id, new Set<string>()]));
  for (const { application, product } of grants) {
    granted.get(application.id)?.add(products.get(product.id) ?? product.name);
  }
  return {
    products: [...products.values()].sort(byName),
    applications: [...applications]
      .map(([id, name]) => ({ name, products: granted.get(id) ?? new Set<string>() }))
      .sort((a, b) => byName(a.name, b.name)),
  };
}

function grantsOfManifests(terraform: TerraformJson): Grant[] {
  return Object.values(terraform.output).flatMap((output) =>
    Object.entries(asObject(asObject(output.value)?.applications) ?? {}).flatMap(([applicationName, entry]) => {
      const manifest = asObject(entry);
      const application = named(terraform, applicationName, manifest?.clientId);
      return Object.entries(asObject(manifest?.products) ?? {}).map(([productId, product]) => ({
        application,
        product: named(terraform, productId, asObject(product)?.scope),
      }));
    }),
  );
}

function grantsOfLinks(terraform: TerraformJson): Grant[] {
  return Object.entries(terraform.resource.azapi_resource ?? {})
    .filter(([, block]) => typeof block.type === 'string' && PRODUCT_LINK.test(block.type))
    .flatMap(([name, block]) => {
      const application = named(terraform, name, block.parent_id);
      return Object.entries(asObject(block.for_each) ?? {}).map(([key, id]) => ({
        application,
        product: named(terraform, key, id),
      }));
    });
}

/** What an expression refers to, by the name that people gave it. */
function named(terraform: TerraformJson, key: string, expression: unknown): Named {
  const references = typeof expression === 'string' ? [...expression.matchAll(ADDRESS)] : [];
  for (const [address, type, name] of references) {
    const block = (address.startsWith('data.') ? terraform.data : terraform.resource)[type]?.[name];
    if (block !== undefined) {
      return { id: address, name: displayNameOf(block) ?? key };
    }
  }
  return { id: key, name: key };
}

function displayNameOf(block: Block): string | undefined {
  const name = asObject(asObject(block.body)?.properties)?.displayName ?? block.display_name;
  if (typeof name !== 'string' || /(^|[^$])\$\{/.test(name)) {
    return undefined;
  }
  return name.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{');
}

/** Names by id; where two have one name, with their ids. */
function distinctNames(items: readonly Named[]): Map<string, string> {
  const names = new Map(items.map(({ id, name }) => [id, name]));
  const uses = new Map<string, number>();
  for (const name of names.values()) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return new Map([...names].map(([id, name]) => [id, uses.get(name) === 1 ? name : `${name} (${id})`]));
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en');
}
