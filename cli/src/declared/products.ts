import { isObject, list, property } from '../input/json';
import type { Api, Product, RegistrationOwner } from './model';
import { instanceOf, isProduct, placeOf, propertiesOf } from './objects';
import type { Program } from './program';
import { entries, type DeclaredBlock } from './stacks';

/** A product with every block that is it, in whichever stack. */
export interface FoundProduct {
  readonly key: string;
  readonly instance?: string;
  readonly id?: string;
  readonly blocks: readonly DeclaredBlock[];
}

/** Products of all stacks: one that a stack declares and others read is one product. */
export class Products {
  readonly all: readonly FoundProduct[];
  private readonly byBlock = new Map<DeclaredBlock, FoundProduct>();
  private readonly byPlace = new Map<string, FoundProduct>();
  /** Registrations of their own, which a product or its policy points at. */
  private readonly byRegistration = new Map<DeclaredBlock, FoundProduct>();
  private readonly registered = new Set<FoundProduct>();
  private readonly byId = new Map<string, FoundProduct[]>();
  private readonly policies = new Map<FoundProduct, DeclaredBlock[]>();
  private readonly links = new Map<FoundProduct, DeclaredBlock[]>();

  constructor(private readonly program: Program) {
    const found = new Map<string, { instance?: string; id?: string; blocks: DeclaredBlock[] }>();
    for (const block of program.blocks(isProduct)) {
      const place = placeOf(program, block);
      const key = place.id === undefined ? `${block.stack}/${block.address}` : keyOf(place.instance, place.id);
      const product = found.get(key) ?? { ...place, blocks: [] };
      product.blocks.push(block);
      found.set(key, product);
    }
    this.all = [...found].map(([key, product]) => ({ key, ...product }));
    for (const product of this.all) {
      this.byPlace.set(product.key, product);
      product.blocks.forEach((block) => this.byBlock.set(block, product));
    }
    for (const product of this.all) {
      const id = (product.id ?? '').toLowerCase();
      this.byId.set(id, [...(this.byId.get(id) ?? []), product]);
    }
    this.keepByProduct('azurerm_api_management_product_policy', this.policies);
    this.keepByProduct('azurerm_api_management_product_api', this.links);
    for (const product of this.all) {
      const written = [
        ...product.blocks.map((block) => ({ stack: block.stack, expression: propertiesOf(block) })),
        ...this.policiesOf(product).map(({ stack, body }) => ({ stack, expression: body.xml_content })),
      ];
      for (const { stack, expression } of written) {
        const registration = program.leadsTo(stack, expression, isRegistration);
        if (registration !== undefined) {
          this.byRegistration.set(registration, product);
          this.registered.add(product);
        }
      }
    }
  }

  /** The product that a grant names by an expression, else by the key of its instance. */
  find(stack: string, expression: unknown, instance: string | undefined, id: string): FoundProduct | undefined {
    const block = this.program.leadsTo(
      stack,
      expression,
      (candidate) => this.byBlock.has(candidate) || this.byRegistration.has(candidate),
    );
    const found = block && (this.byBlock.get(block) ?? this.byRegistration.get(block));
    return found ?? this.byText(expression, instance) ?? this.byPlace.get(keyOf(instance, id)) ?? this.only(id);
  }

  describe(product: FoundProduct, apiKeys: (product: FoundProduct) => readonly string[]): Product {
    const { program } = this;
    const declared = product.blocks.filter(({ mode }) => mode === 'resource');
    const values = (name: string): unknown[] =>
      declared.flatMap((block) => {
        const value = property(propertiesOf(block), name) ?? property(block.body, snakeCase(name));
        return value === undefined || value === null ? [] : [value];
      });
    const [types] = values('authenticationType');
    const byGateway = list({ types }, 'types').includes('application-token');
    const byPolicy = this.policiesOf(product).some(({ body }) =>
      /<validate-(azure-ad-token|jwt)\b/.test(String(body.xml_content)),
    );
    const writesAccess = types !== undefined || values('subscriptionRequired').length > 0;
    const enforcedBy = byGateway ? 'gateway' : byPolicy ? 'policy' : writesAccess ? 'nothing' : 'unknown';
    const [required] = values('subscriptionRequired');
    const keys = byGateway
      ? list({ types }, 'types').includes('subscription-key')
      : byPolicy
        ? acceptsKeys(this.policiesOf(product))
        : required;
    const names = product.blocks.flatMap((block) => {
      const name = property(propertiesOf(block), 'displayName') ?? property(block.body, 'display_name');
      const text = program.text(block.stack, name);
      return text === undefined ? [] : [text];
    });
    return {
      key: product.key,
      ...(product.id === undefined ? {} : { productId: product.id }),
      displayName: names[0] ?? product.id ?? product.key,
      ...(product.instance === undefined ? {} : { instance: product.instance }),
      stacks: [...new Set(declared.map(({ stack }) => stack))],
      enforcedBy,
      registrationOwner: this.registrationOwner(product, enforcedBy),
      acceptsKeys: typeof keys === 'boolean' ? keys : 'unknown',
      open: enforcedBy === 'nothing' && required === false,
      apis: apiKeys(product),
    };
  }

  /** The APIs that a product gives access to, by their blocks or names. */
  apisOf(product: FoundProduct): readonly Api[] {
    return (this.links.get(product) ?? []).flatMap((link) =>
      this.namesOf(link).map((name) => ({ ...name, key: `${product.instance ?? ''}/${name.key}` })),
    );
  }

  private namesOf({ stack, body }: DeclaredBlock): readonly Api[] {
    const { program } = this;
    const named = (expression: unknown): Api[] => {
      const text = program.text(stack, expression);
      const block = program.references(stack, expression).find(({ type }) => type === 'azurerm_api_management_api');
      const displayName = block && program.text(block.stack, block.body.display_name);
      const key = text ?? block?.address;
      return key === undefined ? [] : [{ key, name: displayName ?? key }];
    };
    const each = body.for_each;
    if (isObject(each)) {
      return Object.values(each).flatMap(named);
    }
    if (typeof each === 'string') {
      const items = /\bin \[(.*)\] :/s.exec(each)?.[1] ?? '';
      const literals = [...items.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text);
      const references = [...items.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[\w.-]*\w_\w[\w.-]*/g)];
      return [...literals.flatMap(named), ...references.flatMap(([reference]) => named(`\${${reference}}`))];
    }
    return named(body.api_name);
  }

  private policiesOf(product: FoundProduct): readonly DeclaredBlock[] {
    return this.policies.get(product) ?? [];
  }

  /** Sorts blocks that belong to a product by it. */
  private keepByProduct(type: string, kept: Map<FoundProduct, DeclaredBlock[]>): void {
    for (const block of this.program.blocks((candidate) => candidate.mode === 'resource' && candidate.type === type)) {
      const product = this.productOf(block);
      if (product !== undefined) {
        kept.set(product, [...(kept.get(product) ?? []), block]);
      }
    }
  }

  private productOf({ stack, body }: DeclaredBlock): FoundProduct | undefined {
    const [block] = this.program.references(stack, body.product_id).filter((candidate) => this.byBlock.has(candidate));
    if (block !== undefined) {
      return this.byBlock.get(block);
    }
    const id = this.program.text(stack, body.product_id);
    const { instance } = instanceOf(this.program, stack, body.api_management_name);
    return id === undefined ? undefined : this.byPlace.get(keyOf(instance, id));
  }

  private byText(expression: unknown, instance: string | undefined): FoundProduct | undefined {
    const id = typeof expression === 'string' ? /\/products\/([^/${}]+)$/.exec(expression)?.[1] : undefined;
    return id === undefined ? undefined : this.byPlace.get(keyOf(instance, id));
  }

  /** The only product of that id, where the program does not say of which instance. */
  private only(id: string): FoundProduct | undefined {
    const found = this.byId.get(id.toLowerCase()) ?? [];
    return found.length === 1 ? found[0] : undefined;
  }

  private registrationOwner(product: FoundProduct, enforcedBy: Product['enforcedBy']): RegistrationOwner {
    if (this.registered.has(product)) {
      return 'terraform';
    }
    const entra = product.blocks.some((block) => property(propertiesOf(block), 'application') !== undefined);
    return entra || enforcedBy === 'policy' ? 'other' : 'api-management';
  }
}

export function keyOf(instance: string | undefined, id: string): string {
  return `${instance ?? ''}/${id}`.toLowerCase();
}

function isRegistration({ type, mode }: DeclaredBlock): boolean {
  return type === 'azuread_application' && mode === 'resource';
}

/** A product whose policy validates only callers without a key accepts keys. */
function acceptsKeys(policies: readonly DeclaredBlock[]): boolean {
  return policies.some(({ body }) => String(body.xml_content).includes('context.Subscription == null'));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The instances of a block with `for_each`: their keys and values. */
export function instancesOf(block: DeclaredBlock): [string, unknown][] {
  return entries(block.body.for_each);
}
