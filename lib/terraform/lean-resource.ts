import {
  IResolvable,
  ITerraformDependable,
  Postcondition,
  Precondition,
  TerraformMetaArguments,
  TerraformProvider,
  TerraformProviderGeneratorMetadata,
  TerraformResource,
} from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { importObject } from './import-block';
import { onlyBlock } from './fast-rendering';
import { LeanReference } from './lean-reference';
import { addressOf, given, refuseHcl, refuseUsedAddress, withDependencies } from './rendering';
import { requireTerraform } from './required-version';
import { inFramework } from '../validation/framework';

/** What a lean resource is, and the meta-arguments that it takes. @internal */
export interface LeanResourceConfig extends Pick<
  TerraformMetaArguments,
  'dependsOn' | 'provider' | 'forEach' | 'lifecycle'
> {
  readonly terraformResourceType: string;
  /** Provider of the resource; none for what is Terraform's own. */
  readonly terraformGeneratorMetadata?: TerraformProviderGeneratorMetadata;
}

/**
 * A resource whose arguments are Terraform's own already: attributes that are read once, dependencies without tokens,
 * imports by key, and a rendering that skips cdktf's deep merge and renaming where there is nothing to merge or rename.
 *
 * @internal
 */
export abstract class LeanResource extends TerraformResource {
  // Made when they are needed: most resources have none, and there are thousands.
  private dependencies?: (ITerraformDependable | IConstruct)[];
  private importedInstances?: Map<string, string>;
  private references?: LeanReference[];

  protected constructor(scope: Construct, id: string, config: LeanResourceConfig) {
    super(inFramework(scope, id), id, { ...config, dependsOn: undefined });
    if (config.dependsOn !== undefined) {
      this.addDependency(...config.dependsOn);
    }
  }

  /** Id of the object, as its provider gives it. */
  public get id(): string {
    return this.getStringAttribute('id');
  }

  /** A reference to an attribute, made once. */
  public override interpolationForAttribute(terraformAttribute: string): IResolvable {
    const instances = this.forEach === undefined ? '' : '.*';
    const address = `${addressOf(this)}${instances}.${terraformAttribute}`;
    const known = this.references?.find((reference) => reference.address === address);
    if (known !== undefined) {
      return known;
    }
    const reference = new LeanReference(address, this.cdktfStack);
    this.references = [...(this.references ?? []), reference];
    return reference;
  }

  /** Adds what must exist before this resource. Constructs of another stack are left out. */
  public addDependency(...dependencies: ITerraformDependable[]): void {
    this._addDependency(...dependencies);
  }

  /** The same for all blocks below a construct when the program is synthesized. @internal */
  public _addDependency(...dependencies: (ITerraformDependable | IConstruct)[]): void {
    this.dependencies = [...(this.dependencies ?? []), ...dependencies];
  }

  /**
   * Imports an existing object by its id.
   *
   * Fails for a resource with `forEach`, whose instances `importInstance` imports one by one.
   */
  public override importFrom(id: string, provider?: TerraformProvider): void {
    if (this.iterates()) {
      throw new Error(
        `${this.node.path}: importFrom: a resource with forEach has no address without a key; use importInstance(key, id)`,
      );
    }
    importObject(this, id, provider);
  }

  /**
   * Imports an existing object as one instance of a resource with `forEach`.
   *
   * @param key the instance's key; `to` becomes `<address>["<key>"]`
   * @param id id of the object
   */
  public importInstance(key: string, id: string): void {
    if (!this.iterates()) {
      throw new Error(`${this.node.path}: importInstance: the resource has no forEach; use importFrom(id)`);
    }
    if (this.importedInstances?.has(key)) {
      throw new Error(
        `${this.node.path}: importInstance: key ${JSON.stringify(key)} is imported already; give each key once`,
      );
    }
    this.importedInstances ??= new Map();
    this.importedInstances.set(key, id);
    requireTerraform(this, '1.5');
  }

  /** Meta-arguments as cdktf renders them, with the dependencies of this resource. */
  public override get terraformMetaArguments(): { [name: string]: any } {
    return withDependencies(this, super.terraformMetaArguments, this.dependencies ?? []);
  }

  /** Adds this resource to the Terraform JSON output. */
  public override toTerraform(): any {
    return this.isPlain() ? this.plainRendering() : this.fullRendering();
  }

  /** Fails: the block is rendered as JSON only. */
  public override toHclTerraform(): any {
    refuseHcl(this, `${this.terraformResourceType} blocks`);
  }

  /** Gives the block another logical id. Fails once its address has been used. */
  public override overrideLogicalId(newLogicalId: string): void {
    refuseUsedAddress(this);
    super.overrideLogicalId(newLogicalId);
  }

  /** The keys of the instances that are taken over. @internal */
  protected get _importedKeys(): string[] {
    return [...(this.importedInstances?.keys() ?? [])];
  }

  /** The references to attributes that were made so far. @internal */
  protected get _references(): readonly LeanReference[] {
    return this.references ?? [];
  }

  /** `for_each` of its own, for keys that no iterator can have. @internal */
  protected _instances(): IResolvable | undefined {
    return undefined;
  }

  private iterates(): boolean {
    return this.forEach !== undefined || this._instances() !== undefined;
  }

  /** Whether the block is its attributes and nothing that cdktf would have to merge into them. */
  private isPlain(): boolean {
    return (
      Object.keys(this.rawOverrides).every((name) => name === '//') &&
      this.count === undefined &&
      this.forEach === undefined &&
      this.provisioners === undefined &&
      this.connection === undefined &&
      this.importedInstances === undefined &&
      !this.hasResourceMove()
    );
  }

  private plainRendering(): any {
    return { resource: { [this.terraformResourceType]: onlyBlock(this.friendlyUniqueId, () => this.block()) } };
  }

  private block(): { [name: string]: unknown } {
    const { dependsOn, provider, lifecycle } = this.terraformMetaArguments;
    const attributes = this.synthesizeAttributes();
    const block = given({
      ...attributes,
      for_each: this._instances(),
      depends_on: dependsOn,
      provider,
      lifecycle: lifecycle && lifecycleToTerraform(lifecycle),
    });
    block['//'] = { ...(this.rawOverrides as { '//'?: object })['//'], ...this.constructNodeMetadata };
    return block;
  }

  private fullRendering(): any {
    const rendered = super.toTerraform();
    const block = rendered.resource?.[this.terraformResourceType][this.friendlyUniqueId];
    const instances = this._instances();
    if (block !== undefined && instances !== undefined) {
      block.for_each ??= instances;
    }
    if (this.importedInstances !== undefined) {
      rendered.import = [...this.importedInstances].map(([key, id]) => ({
        to: `${addressOf(this)}[${JSON.stringify(key)}]`,
        id,
      }));
    }
    return rendered;
  }
}

function lifecycleToTerraform(lifecycle: { [name: string]: any }): { [name: string]: unknown } {
  return given({
    create_before_destroy: lifecycle.createBeforeDestroy,
    prevent_destroy: lifecycle.preventDestroy,
    ignore_changes: lifecycle.ignoreChanges,
    precondition: lifecycle.precondition?.map(conditionToTerraform),
    postcondition: lifecycle.postcondition?.map(conditionToTerraform),
    replace_triggered_by: lifecycle.replaceTriggeredBy,
  });
}

function conditionToTerraform(condition: Precondition | Postcondition): { [name: string]: unknown } {
  return given({ condition: condition.condition, error_message: condition.errorMessage });
}
