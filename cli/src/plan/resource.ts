/** What a plan does to a resource, with Terraform's pairs of actions made one. */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'replace' | 'forget';

/** A resource's attributes on one side of the change, with what is unknown and what is sensitive. */
export interface Side {
  readonly value: unknown;
  readonly unknown: unknown;
  readonly sensitive: unknown;
}

/** A resource instance of one plan: what the plan does to it, and what it is before and after. */
export interface Resource {
  readonly stack: string;
  readonly address: string;
  /** `module.a["x"]`, empty for the root module. */
  readonly moduleAddress: string;
  /** `action`: an action of Terraform 1.14 that the apply invokes. */
  readonly mode: 'managed' | 'data' | 'action';
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly action: Action;
  /** Replaced by creating first and destroying afterwards. */
  readonly createsFirst: boolean;
  /** Replaced, with the former object left where it is. */
  readonly leavesFormer: boolean;
  readonly importing: boolean;
  readonly moved: boolean;
  /** Left over from an earlier replacement that did not finish. */
  readonly deposed: boolean;
  readonly reason?: string;
  /** The attributes that force a replacement. */
  readonly forcedBy: readonly string[];
  readonly before?: Side;
  readonly after?: Side;
}

/** Whether anything of the resource is made, changed or taken away. */
export function isTouched(resource: Resource): boolean {
  return resource.action !== 'no-op' && resource.action !== 'read';
}

/** Whether the object in the cloud ceases to exist. */
export function isDestroyed(resource: Resource): boolean {
  return resource.action === 'delete' || (resource.action === 'replace' && !resource.leavesFormer);
}

export function isReplaced(resource: Resource): boolean {
  return resource.action === 'replace';
}
