import { Terraform } from '../support';

/** A product as API Management keeps it. */
export type Properties = Record<string, unknown>;

/** The part of Azure that settings of products bear on. */
export interface Azure {
  readonly products: Map<string, Properties>;
  /** Policies by product. */
  readonly policies: Map<string, string>;
  /** Applications that exist in Entra. */
  readonly applications: Set<string>;
}

interface Instance {
  readonly block: Terraform;
  /** What the block came to when it was applied. */
  readonly value: Terraform;
  readonly dependencies: readonly string[];
  readonly createsFirst: boolean;
}

type State = Map<string, Instance>;

type Action = 'create' | 'update' | 'replace' | 'delete';

interface Step {
  readonly id: string;
  readonly run: () => void;
}

const ADDRESS = /\b(?:data\.)?(?:azapi|azuread|azurerm|terraform)_\w+\.[\w-]+/g;

/**
 * Terraform over the blocks of a product, in as much as it decides what reaches Azure and in which order: create, update,
 * replace and delete; dependencies of the configuration and those that the state keeps; `create_before_destroy`, handed on
 * to what a block depends on; destroyers before what they depended on. Where several requests could be next, `choose` says.
 */
export class TerraformModel {
  private state: State = new Map();

  public constructor(
    private readonly azure: Azure,
    private readonly choose: (count: number) => number,
    /** Called after each request. */
    private readonly seen: () => void,
  ) {}

  /** Plans and applies; answers how many changes there were. */
  public apply(terraform: Terraform): number {
    const configured = new Configuration(terraform);
    const before = this.read(configured);
    const actions = this.plan(configured, before);
    const steps = this.steps(configured, actions, before);
    for (const step of inOrder(steps, this.choose)) {
      step.run();
      this.seen();
    }
    for (const [address, instance] of this.state) {
      if (!actions.has(address)) {
        // A plan adds dependencies to those of a block that it leaves alone, and takes none away.
        const dependencies = [...new Set([...instance.dependencies, ...configured.dependenciesOf(address)])];
        this.state.set(address, { ...instance, dependencies, createsFirst: configured.createsFirst(address) });
      }
    }
    return actions.size;
  }

  /** What data sources answer when the plan is made. */
  private read(configured: Configuration): Map<string, Properties> {
    return new Map(
      Object.entries(configured.products()).map(([address, product]) => [
        address,
        structuredClone(this.azure.products.get(product) ?? {}),
      ]),
    );
  }

  private plan(configured: Configuration, before: Map<string, Properties>): Map<string, Action> {
    const actions = new Map<string, Action>();
    for (const [address, block] of configured.resources) {
      const known = this.state.get(address);
      if (known === undefined) {
        actions.set(address, 'create');
      } else if (identity(block) !== identity(known.block)) {
        actions.set(address, 'replace');
      } else if (this.differs(address, block, known, before)) {
        actions.set(address, 'update');
      }
    }
    for (const address of this.state.keys()) {
      if (!configured.resources.has(address)) {
        actions.set(address, 'delete');
      }
    }
    return actions;
  }

  private differs(address: string, block: Terraform, known: Instance, before: Map<string, Properties>): boolean {
    if (address.startsWith('terraform_data.')) {
      return false;
    }
    if (address.startsWith('azapi_update_resource.')) {
      const live = this.azure.products.get(productOf(block))!;
      const wanted = this.evaluated(block.body.properties, before) as Properties;
      if (Object.entries(wanted).some(([name, value]) => !same(value ?? null, live[name] ?? null))) {
        return true;
      }
    }
    const [was, is] = [known.block, block].map(({ '//': _, depends_on: __, lifecycle: ___, ...rest }) => rest);
    return !same(was, is);
  }

  private steps(configured: Configuration, actions: Map<string, Action>, before: Map<string, Properties>) {
    const steps = new Map<string, Step>();
    const after: [later: string, earlier: string][] = [];
    for (const [address, action] of actions) {
      const instance = this.state.get(address);
      if (action !== 'delete') {
        steps.set(`+${address}`, { id: `+${address}`, run: () => this.write(configured, address, action, before) });
      }
      if (action === 'delete' || action === 'replace') {
        const isReplaced = action === 'replace';
        steps.set(`-${address}`, { id: `-${address}`, run: () => this.remove(address, instance!, isReplaced) });
      }
    }
    for (const [address, action] of actions) {
      const createsFirst = configured.createsFirst(address);
      if (action === 'replace') {
        after.push(createsFirst ? [`-${address}`, `+${address}`] : [`+${address}`, `-${address}`]);
      }
      for (const dependency of configured.dependenciesOf(address)) {
        after.push([`+${address}`, `+${dependency}`]);
      }
      const stored = this.state.get(address)?.dependencies ?? [];
      for (const dependency of stored) {
        after.push([`-${dependency}`, `-${address}`]);
        if (action !== 'delete') {
          const kept = this.createsFirst(configured, dependency);
          after.push(kept ? [`-${dependency}`, `+${address}`] : [`+${address}`, `-${dependency}`]);
        }
        if (steps.has(`-${address}`)) {
          const kept = this.createsFirst(configured, address);
          after.push(kept ? [`-${address}`, `+${dependency}`] : [`+${dependency}`, `-${address}`]);
        }
      }
    }
    return { steps, after: after.filter(([later, earlier]) => steps.has(later) && steps.has(earlier)) };
  }

  private createsFirst(configured: Configuration, address: string): boolean {
    return configured.resources.has(address)
      ? configured.createsFirst(address)
      : (this.state.get(address)?.createsFirst ?? false);
  }

  private write(configured: Configuration, address: string, action: Action, before: Map<string, Properties>): void {
    const block = configured.resources.get(address)!;
    const [type] = address.split('.');
    const known = action === 'update' ? this.state.get(address) : undefined;
    const value: Terraform = {};
    if (type === 'terraform_data') {
      value.output = known?.value.output ?? this.evaluated(block.input, before);
    } else if (type === 'azapi_resource_action') {
      value.properties = this.evaluated(block.body.properties, before);
    } else if (type === 'azapi_update_resource') {
      this.send(productOf(block), this.evaluated(block.body.properties, before) as Properties);
    } else if (type === 'azurerm_api_management_product_policy') {
      this.azure.policies.set(block.product_id, block.xml_content);
    } else if (type === 'azuread_application') {
      this.azure.applications.add(address);
    }
    this.state.set(address, {
      block,
      value,
      dependencies: configured.dependenciesOf(address),
      createsFirst: configured.createsFirst(address),
    });
  }

  private remove(address: string, instance: Instance, isReplaced: boolean): void {
    const { block, value } = instance;
    if (block.when === 'destroy') {
      this.send(productOf(block), value.properties as Properties);
    } else if (address.startsWith('azurerm_api_management_product_policy.')) {
      this.azure.policies.delete(block.product_id);
    } else if (address.startsWith('azuread_application.')) {
      this.azure.applications.delete(address);
    }
    if (!isReplaced) {
      this.state.delete(address);
    }
  }

  /** A request with properties of a product, merged into what it has; what the service does with it. */
  private send(id: string, request: Properties): void {
    const { products, applications } = this.azure;
    const product: Properties = { ...products.get(id), ...request };
    if (product.subscriptionRequired === false) {
      const refused = ['approvalRequired', 'subscriptionsLimit'].find((name) => (request[name] ?? null) !== null);
      if (refused !== undefined) {
        throw new Error(`${refused} beside subscriptionRequired false`);
      }
      product.approvalRequired = null;
      product.subscriptionsLimit = null;
    } else {
      product.approvalRequired ??= false;
    }
    if ((product.authenticationType as string[]).includes('application-token')) {
      const application = (product.application as { entra: { applicationId: string } } | null) ?? undefined;
      const applicationId = application?.entra.applicationId ?? `generated for ${id}`;
      if (!applicationId.startsWith('generated') && !applications.has(applicationId)) {
        throw new Error(`application ${applicationId} does not exist`);
      }
      product.application = application ?? { entra: { applicationId, audience: `api://${applicationId}` } };
    } else {
      product.application = null;
    }
    products.set(id, product);
  }

  /** A value with the few expressions evaluated that settings of products hold. */
  private evaluated(value: unknown, before: Map<string, Properties>): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.evaluated(item, before));
    }
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.evaluated(item, before)]));
    }
    return typeof value === 'string' && value.startsWith('${') ? this.expression(value, before) : value;
  }

  private expression(text: string, before: Map<string, Properties>): unknown {
    const code = text.slice(2, -1);
    const kept = /terraform_data\.[\w-]+/.exec(code)?.[0];
    const output = (this.state.get(kept ?? '')?.value.output ?? {}) as Properties;
    const rest = code.replaceAll(kept ?? '\0', 'FORMER');
    const read = /^(?:try\(tolist\()?(data\.azapi_resource\.[\w-]+)\.output\.(\w+)(?:\), tolist\((\[.*?\])\)\))?$/.exec(
      code,
    );
    if (read !== null) {
      const live = before.get(read[1])?.[read[2]] ?? null;
      return live === null && read[3] !== undefined ? JSON.parse(read[3]) : live;
    }
    const own = /^(azuread_application(?:_identifier_uri)?\.[\w-]+)\.(?:client_id|identifier_uri)$/.exec(code);
    if (own !== null) {
      return own[1];
    }
    const one = /^FORMER\.output\.(\w+) == null \? "" : FORMER\.output\.\1$/.exec(rest);
    if (one !== null) {
      return output[one[1]] ?? '';
    }
    const OF_SUBSCRIPTIONS = ['approvalRequired', 'subscriptionsLimit'];
    if (
      rest ===
      '{ for name, value in FORMER.output : name => value if value != null && !(contains(["approvalRequired", "subscriptionsLimit"], name) && FORMER.output.subscriptionRequired == false) }'
    ) {
      return Object.fromEntries(
        Object.entries(output).filter(
          ([name, value]) =>
            (value ?? null) !== null && !(OF_SUBSCRIPTIONS.includes(name) && output.subscriptionRequired === false),
        ),
      );
    }
    if (
      rest ===
      'merge({ subscriptionRequired = true }, { for name in ["approvalRequired", "subscriptionsLimit"] : name => FORMER.output[name] if FORMER.output[name] != null })'
    ) {
      const limits = OF_SUBSCRIPTIONS.filter((name) => (output[name] ?? null) !== null);
      return { subscriptionRequired: true, ...Object.fromEntries(limits.map((name) => [name, output[name]])) };
    }
    throw new Error(`what is ${text}`);
  }
}

/** What a configuration declares, and in which order it wants it. */
class Configuration {
  public readonly resources = new Map<string, Terraform>();
  private readonly references = new Map<string, string[]>();
  private readonly known = new Map<string, string[]>();

  public constructor(private readonly terraform: Terraform) {
    for (const [kind, prefix] of [
      ['resource', ''],
      ['data', 'data.'],
    ]) {
      for (const [type, named] of Object.entries<Terraform>(terraform[kind] ?? {})) {
        for (const [name, block] of Object.entries<Terraform>(named)) {
          const address = `${prefix}${type}.${name}`;
          const { '//': _, ...rest } = block;
          this.references.set(address, [...new Set(JSON.stringify(rest).match(ADDRESS) ?? [])]);
          if (kind === 'resource') {
            this.resources.set(address, block);
          }
        }
      }
    }
  }

  /** The resources that a block depends on, through data sources and all the way down. */
  public dependenciesOf(address: string): string[] {
    const known = this.known.get(address);
    if (known !== undefined) {
      return known;
    }
    this.known.set(address, []);
    const direct = (this.references.get(address) ?? []).filter((one) => one !== address);
    const all = [...new Set(direct.flatMap((one) => [one, ...this.dependenciesOf(one)]))];
    const dependencies = all.filter((one) => this.resources.has(one));
    this.known.set(address, dependencies);
    return dependencies;
  }

  /** `create_before_destroy` holds for what such a block depends on as well. */
  public createsFirst(address: string): boolean {
    return [...this.resources].some(
      ([one, { lifecycle }]) =>
        lifecycle?.create_before_destroy === true && (one === address || this.dependenciesOf(one).includes(address)),
    );
  }

  /** The product that each data source reads. */
  public products(): Record<string, string> {
    return Object.fromEntries(
      Object.entries<Terraform>(this.terraform.data?.azapi_resource ?? {}).map(([name, block]) => [
        `data.azapi_resource.${name}`,
        productOf(block),
      ]),
    );
  }
}

/** The arguments that replace a block when they change. */
function identity({ resource_id: id, triggers_replace: trigger, product_id: product }: Terraform): string {
  return JSON.stringify([id, trigger, product]);
}

function productOf(block: Terraform): string {
  return String(block.resource_id).replace(/^.*\/products\//, '');
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function* inOrder(
  { steps, after }: { steps: Map<string, Step>; after: [string, string][] },
  choose: (count: number) => number,
): Iterable<Step> {
  const left = new Map(steps);
  while (left.size > 0) {
    const ready = [...left.values()].filter(
      ({ id }) => !after.some(([later, earlier]) => later === id && left.has(earlier)),
    );
    if (ready.length === 0) {
      throw new Error(`a circle: ${[...left.keys()].join(', ')}`);
    }
    const next = ready[choose(ready.length)];
    left.delete(next.id);
    yield next;
  }
}
