import { asObject, Block, Blocks, TerraformJson } from './synthesis';

/** Blocks of one kind. */
export interface Kind {
  /** Terraform's type, for azapi with the type of the object in Azure. */
  readonly label: string;
  readonly blocks: number;
  /** Objects that the blocks stand for, as far as the file tells. */
  readonly objects: number;
  /** Whether a block's `for_each` is an expression, so that only Terraform knows how many there are. */
  readonly open: boolean;
}

/** What a stack declares. */
export interface Inventory {
  readonly resources: Kind[];
  readonly dataSources: Kind[];
  readonly ephemeral: Kind[];
  readonly checks: number;
}

export function inventoryOf(terraform: TerraformJson): Inventory {
  return {
    resources: kindsOf(terraform.resource),
    dataSources: kindsOf(terraform.data),
    ephemeral: kindsOf(terraform.ephemeral),
    checks: Object.keys(terraform.check).length,
  };
}

function kindsOf(blocks: Blocks): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const [type, named] of Object.entries(blocks)) {
    for (const block of Object.values(named)) {
      const label = labelOf(type, block);
      const { objects, open } = objectsOf(block);
      const before = kinds.get(label) ?? { label, blocks: 0, objects: 0, open: false };
      kinds.set(label, {
        label,
        blocks: before.blocks + 1,
        objects: before.objects + objects,
        open: before.open || open,
      });
    }
  }
  return [...kinds.values()].sort((a, b) => a.label.localeCompare(b.label, 'en'));
}

/** All azapi blocks share a type in Terraform; what they are says the last part of their type in Azure. */
function labelOf(type: string, block: Block): string {
  const arm = typeof block.type === 'string' ? /^[\w.]+\/(?:service\/)?([^@]+)@/.exec(block.type) : null;
  return type.startsWith('azapi_') && arm !== null ? `${type} ${arm[1]}` : type;
}

function objectsOf(block: Block): { objects: number; open: boolean } {
  const each = asObject(block.for_each);
  if (each !== undefined) {
    return { objects: Object.keys(each).length, open: false };
  }
  if (Array.isArray(block.for_each)) {
    return { objects: block.for_each.length, open: false };
  }
  return { objects: typeof block.count === 'number' ? block.count : 1, open: block.for_each !== undefined };
}
