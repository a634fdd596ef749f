import type { SideName } from '../entities/aliases';
import type { Resource } from '../plan/resource';

/** One step by which somebody gets closer to a product, as one side of the plan has it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** As BloodHound calls it; steps that it does not know begin with `APIM` or `TF`. */
  readonly label: string;
  readonly side: SideName;
  readonly resource: Resource;
  /** Whether `from` is somebody who acts, as opposed to a thing on the way. */
  readonly actor: boolean;
  /** Whether `to` is a product. */
  readonly arrives: boolean;
}

/** Everything by which products can be reached, and what people call its nodes. */
export interface WayGraph {
  readonly edges: readonly Edge[];
  readonly names: ReadonlyMap<string, string>;
}
