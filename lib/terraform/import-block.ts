import { TerraformElement, TerraformProvider, TerraformResource } from 'cdktf';
import { addressOf } from './rendering';
import { requireTerraform } from './required-version';

/**
 * Takes over an object that exists. cdktf's own import asks the terraform binary for its version when it synthesizes, and
 * there may be none on the machine; this says in `required_version` what it needs.
 */
export function importObject(resource: TerraformResource, id: string, provider?: TerraformProvider): void {
  new ImportBlock(resource, id, provider);
  requireTerraform(resource, '1.5');
}

/** Takes over instances of a resource with `for_each`: keys to ids. */
export function importInstances(resource: TerraformResource, ids: { [key: string]: string }): void {
  new ImportBlocks(resource, ids);
  requireTerraform(resource, '1.5');
}

class ImportBlocks extends TerraformElement {
  public constructor(
    private readonly resource: TerraformResource,
    private readonly ids: { [key: string]: string },
  ) {
    super(resource, 'imports');
  }

  public override toTerraform(): any {
    const address = addressOf(this.resource);
    return {
      import: Object.entries(this.ids).map(([key, id]) => ({ to: `${address}[${JSON.stringify(key)}]`, id })),
    };
  }
}

class ImportBlock extends TerraformElement {
  public constructor(
    private readonly resource: TerraformResource,
    private readonly objectId: string,
    private readonly provider?: TerraformProvider,
  ) {
    super(resource, 'import');
  }

  public override toTerraform(): any {
    return { import: [{ to: addressOf(this.resource), id: this.objectId, provider: this.provider?.fqn }] };
  }
}
