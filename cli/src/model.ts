/**
 * The review of one or several Terraform plans in terms of access.
 *
 * A `Review` is plain data (it survives `JSON.stringify`), contains nothing outside of the redaction
 * allow-list, and is all that a format may read: every format in `formats/` is a function from a
 * `Review` to text. It is also what `--format json` prints, so a change here is a change of a
 * published schema (`schema/review-1.schema.json`): additions raise the minor version of
 * `formatVersion`, everything else the major version and the name of the schema.
 *
 * Lists are sorted (most important first where there is an importance, by name otherwise), so that
 * the same plans always give the same review.
 */
export interface Review {
  /** Version of this structure, `<major>.<minor>`. */
  readonly formatVersion: '1.1';
  /** The program that made the review. */
  readonly tool: Tool;
  /** Identifies the set of stacks, whatever the version of the tool: a sticky comment is found by it. */
  readonly marker: string;
  /** The day, `YYYY-MM-DD`, against which expiry is judged. */
  readonly asOf: string;
  /** How many days ahead a credential counts as expiring. */
  readonly expiringWithinDays: number;
  /** What all plans together do to access. */
  readonly verdict: Verdict;
  /** What all plans together do to resources of every kind. */
  readonly changes: ChangeCounts;
  /** Per plan, in the order of their names. */
  readonly stacks: readonly StackReview[];
  /** Rules of the contract that are broken; empty without a contract. */
  readonly contract: readonly ContractFinding[];
  /** Every rule of the contract with what became of it; absent without a contract. */
  readonly contractRules?: readonly ContractResult[];
  /** Changes that can affect access and that nothing in the review explains: a person has to look at them. */
  readonly unjudged: readonly UnjudgedFinding[];
  /** Who gains, loses or keeps which product. */
  readonly access: readonly AccessFinding[];
  /** Directory roles, Graph permissions, ownership of registrations. */
  readonly privilege: readonly PrivilegeFinding[];
  /** Ways to products besides grants that the plans make or close, the shortest first. */
  readonly ways: readonly WayFinding[];
  /** What products let in: authentication, publication, audiences, APIs, limits. */
  readonly exposure: readonly ExposureFinding[];
  /** Credentials made, rotated, removed, expiring; secrets in state. */
  readonly credentials: readonly CredentialFinding[];
  /** What stops working because something is destroyed or replaced. */
  readonly blastRadius: readonly BlastRadiusFinding[];
  /** Access that was changed outside of Terraform; part of no verdict, since it has happened already. */
  readonly drift: readonly DriftFinding[];
  /** Every client and product pair, changed or not: the rows of an access matrix or graph. */
  readonly grants: readonly Grant[];
  /** Every way to a product besides grants, changed or not, the shortest first. */
  readonly waysIn: readonly WayIn[];
  /** Every product that the plans name, as it is before and after. */
  readonly products: readonly Product[];
  /** Every client that the plans name. */
  readonly clients: readonly Client[];
  /** Every acknowledgement of the allow file, used, expired or idle. */
  readonly acknowledgements: readonly Acknowledgement[];
  /** What the review could not know or did not understand, one sentence each. */
  readonly notes: readonly Note[];
}

export interface Tool {
  readonly name: 'apim-oauth';
  /** Semantic version of the package. */
  readonly version: string;
}

/** What the findings say, in words. */
export type VerdictWord = 'BROADENING' | 'BREAKING' | 'BROADENING and BREAKING';

/** `NOT JUDGED: 3 changes`. */
export type UnjudgedWord = `NOT JUDGED: ${number} change${'' | 's'}`;

/** The words above everything; NEUTRAL only where every change that can affect access is judged. */
export type VerdictLabel = 'NEUTRAL' | VerdictWord | UnjudgedWord | `${VerdictWord}, ${UnjudgedWord}`;

/** What a plan does to access, and how often. Acknowledged findings are part of it. */
export interface Verdict {
  readonly label: VerdictLabel;
  /** Somebody gains access or privilege, or a guard is weakened. */
  readonly broadening: boolean;
  /** Somebody loses access, or something that clients rely on stops or changes. */
  readonly breaking: boolean;
  /** Something changes that can affect access and that nothing in the review explains. */
  readonly unjudged: boolean;
  readonly counts: VerdictCounts;
}

/** Numbers of findings; one finding may count in several. */
export interface VerdictCounts {
  readonly broadening: number;
  readonly breaking: number;
  readonly critical: number;
  readonly privilege: number;
  readonly secretInState: number;
  /** Changes that can affect access and that are not judged. */
  readonly unjudged: number;
  /** Findings, of any kind, that a valid acknowledgement covers. */
  readonly acknowledged: number;
  /** Pairs of client and product that come into being. */
  readonly gained: number;
  /** Pairs of client and product that cease. */
  readonly lost: number;
  /** Pairs of client and product that are taken away and given again. */
  readonly interrupted: number;
  /** Pairs of client and product that are there before and after. */
  readonly identical: number;
}

/**
 * What Terraform does to managed resources of every kind, related to access or not. Moved, imported
 * and changed are counted apart, so a resource that is moved and changed counts in both.
 */
export interface ChangeCounts {
  readonly created: number;
  readonly changed: number;
  readonly replaced: number;
  readonly destroyed: number;
  readonly moved: number;
  readonly imported: number;
  readonly forgotten: number;
  readonly unchanged: number;
}

export interface StackReview {
  /** Given on the command line, or made from the file's path. */
  readonly name: string;
  /** The plan's file as it was given, with `/` between folders. */
  readonly file: string;
  /** The version of Terraform or OpenTofu that made the plan, where the plan says one. */
  readonly terraformVersion?: string;
  readonly verdict: Verdict;
  readonly changes: ChangeCounts;
  /** How many resources of the plan have to do with access. */
  readonly accessResources: number;
}

/** How urgent a finding is; formats order and colour by it. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** What `--fail-on` selects by. */
export type FindingKind =
  'broadening' | 'breaking' | 'critical' | 'privilege' | 'secret-in-state' | 'unjudged' | 'contract';

/**
 * A piece of a sentence. Text without `name` is the tool's own wording and safe to print; text with
 * `name` comes from a plan and is hostile until the format has escaped it.
 */
export interface MessagePart {
  readonly text: string;
  readonly name?: true;
}

/** What every finding has, whichever section it is in. */
export interface Finding {
  /** Stable over runs, versions and machines: made of the rule, the stack, the address and the subject. */
  readonly id: string;
  /** Of what the finding says: another client, product or value gives another digest. Acknowledgements name it. */
  readonly digest: string;
  /** What was found, such as `access-gained`; the rules are listed in `rules.ts` and docs/review.md. */
  readonly rule: string;
  readonly severity: Severity;
  /** Empty for a finding that is neither broadening nor breaking, nor of another kind. */
  readonly kinds: readonly FindingKind[];
  /** One sentence, without a full stop at its end; the parts joined. */
  readonly message: string;
  /** The same sentence, in which texts from a plan are marked. */
  readonly parts: readonly MessagePart[];
  readonly stack: string;
  /** The Terraform address at fault. */
  readonly address: string;
  /** The address, or the addresses, that say the same; empty but for pairs that several resources grant. */
  readonly otherAddresses: readonly string[];
  readonly location: Location;
  /** There where a valid acknowledgement covers the finding: it then does not count for `--fail-on`. */
  readonly acknowledgement?: { readonly reason: string; readonly expires: string };
}

/** The place of a finding: the construct's source line where `--source` gives one, else the plan. */
export interface Location {
  /** Relative to the project's root (source) or as given on the command line (plan), with `/`. */
  readonly file: string;
  /** From 1; 1 for a plan. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
  /** The construct's path, `<stack>/<id>/...`, where `--source` gives one. */
  readonly constructPath?: string;
}

/** By which means a client reaches a product. */
export type Means = 'product link' | 'app role assignment' | 'subscription key';

/** A client as a person knows it. */
export interface ClientName {
  /** Identifies the client within this review; not stable. */
  readonly key: string;
  /** Display name; its id or address where no name is known. */
  readonly name: string;
  /** The application (client) id in Entra, where it is known. */
  readonly clientId?: string;
}

/** A product, or another registration with app roles, as a person knows it. */
export interface ProductName {
  /** Identifies the product within this review; not stable. */
  readonly key: string;
  /** Display name; its id or address where no name is known. */
  readonly name: string;
  /** The product's id in API Management; absent where a registration belongs to no known product. */
  readonly productId?: string;
  /** The name of the API Management instance. */
  readonly instance?: string;
}

/** What happens to one pair of client and product. */
export type AccessChange =
  | 'gained'
  | 'lost'
  /** Taken away and given again in the same apply. */
  | 'interrupted'
  /** Terraform forgets the grant, the access stays. */
  | 'kept'
  /** Terraform imports a grant that exists. */
  | 'imported'
  | 'unchanged';

/** Something that a rule of the contract forbids and that is so after the plan. */
export interface ContractFinding extends Finding {
  /** The rule's name in the contract. */
  readonly contractRule: string;
  /** What breaks the rule, from the client to the product. */
  readonly path: string;
  /** Whether it was so before the plan already. */
  readonly existedBefore: boolean;
  /** Whether it depends on what is unknown until apply. */
  readonly possible: boolean;
}

/** What became of a rule of the contract. */
export interface ContractResult {
  readonly name: string;
  readonly kind: 'only' | 'never' | 'never-both' | 'credentials' | 'no-open-products' | 'no-new-privilege';
  /**
   * `not proven`: nothing breaks it, but a change is not judged; `matches nothing`: its patterns match nothing in the
   * plans.
   */
  readonly status: 'holds' | 'broken' | 'possibly broken' | 'not proven' | 'matches nothing';
  readonly violations: number;
}

export interface UnjudgedFinding extends Finding {
  /** The type of the resource, as Terraform calls it. */
  readonly resourceType: string;
  /** Names of what changes of it and is not explained, as paths; empty where it is the object itself. */
  readonly attributes: readonly string[];
  /** What it could mean: `it may ...`. */
  readonly may: string;
}

export interface AccessFinding extends Finding {
  readonly change: Exclude<AccessChange, 'unchanged'>;
  readonly client: ClientName;
  readonly product: ProductName;
  readonly means: readonly Means[];
  /** Value of the app role, for an app role assignment that gives one. */
  readonly role?: string;
  /** The audience of the product's tokens, or `unknown until apply`; absent if the plan does not show it. */
  readonly audience?: string;
}

export interface PrivilegeFinding extends Finding {
  readonly change: 'granted' | 'withdrawn' | 'interrupted' | 'kept' | 'imported';
  readonly privilegeKind:
    | 'directory role'
    | 'application permission'
    | 'delegated permission'
    | 'requested permission'
    | 'ownership'
    | 'group membership'
    | 'azure role'
    | 'vault access'
    | 'identity'
    | 'sign-in'
    | 'developer portal'
    | 'management access';
  /** The role, the permission, or what is owned, joined or opened. */
  readonly privilege: string;
  /** What somebody who has it may do. */
  readonly allows: string;
  readonly principal: string;
}

export interface WayFinding extends Finding {
  readonly change: 'made' | 'closed';
  /** Anyone who takes the first step; `key` identifies it within this review. */
  readonly who: { readonly key: string; readonly name: string };
  readonly products: readonly ProductName[];
  /** The steps by BloodHound's names of edges; those that it does not know begin with `APIM` or `TF`. */
  readonly edges: readonly string[];
}

/** That somebody can get at a product without being granted it, by the shortest way that begins with one step. */
export interface WayIn {
  readonly who: { readonly key: string; readonly name: string };
  readonly product: ProductName;
  readonly change: 'made' | 'closed' | 'unchanged';
  readonly steps: readonly WayStep[];
}

export interface WayStep {
  /** As BloodHound calls it, such as `AZOwns`; what it does not know begins with `APIM` or `TF`. */
  readonly edge: string;
  readonly from: { readonly key: string; readonly name: string };
  readonly to: { readonly key: string; readonly name: string };
  /** What brings the step about. */
  readonly stack: string;
  readonly address: string;
}

export interface ExposureFinding extends Finding {
  /** Absent where it is about no product, or about several: policies of APIs and of whole instances. */
  readonly product?: ProductName;
  /** The API, for findings on APIs. */
  readonly api?: string;
  /** The setting before and after, for findings on one setting; from a closed set of words and numbers. */
  readonly before?: string;
  readonly after?: string;
  /** The clients that the change reaches. */
  readonly clients: readonly ClientName[];
}

export type CredentialKind =
  | 'password'
  | 'certificate'
  | 'federated identity'
  | 'key vault secret'
  | 'key vault certificate'
  | 'subscription key'
  | 'client secret';

export interface CredentialFinding extends Finding {
  readonly change: 'made' | 'rotated' | 'changed' | 'removed' | 'kept' | 'imported' | 'expiring' | 'in state';
  readonly credentialKind: CredentialKind;
  /** Whose it is, where that is known. */
  readonly client?: ClientName;
  /** `YYYY-MM-DD`, where it is known. */
  readonly expires?: string;
}

export interface BlastRadiusFinding extends Finding {
  readonly change: 'destroyed' | 'replaced';
  readonly target: 'registration' | 'client application' | 'product' | 'instance';
  readonly targetName: string;
  /** The attributes that force a replacement, as paths; empty for what is destroyed. */
  readonly forcedBy: readonly string[];
  /** Every client that stops working, in any of the plans. */
  readonly clients: readonly ClientName[];
  /** Every product that stops working. */
  readonly products: readonly ProductName[];
}

export interface DriftFinding extends Finding {
  /** The section that would contain it, if the plan did it. */
  readonly about: 'access' | 'privilege' | 'exposure' | 'credentials' | 'blast radius';
}

/** A pair of client and product, before and after. */
export interface Grant {
  readonly client: ClientName;
  readonly product: ProductName;
  readonly change: AccessChange;
  readonly before: readonly Means[];
  readonly after: readonly Means[];
  /** The stacks whose plans contain the pair. */
  readonly stacks: readonly string[];
}

/** What protects a product: anyone who satisfies one of them may call its APIs. */
export interface ProductState {
  /** Access tokens are demanded or accepted, by the product's own setting. */
  readonly tokens: Known;
  /** Access tokens are validated by the product's policy. */
  readonly policy: Known;
  /** Subscription keys are accepted. */
  readonly keys: Known;
  /** Anyone may call. */
  readonly open: Known;
  readonly published: Known;
  /** Where it is known. */
  readonly audience?: string;
  /** Names of the APIs in the product that the plans name. */
  readonly apis: readonly string[];
}

/** A setting, or that it is not known before the apply. */
export type Known = 'yes' | 'no' | 'unknown until apply';

export interface Product extends ProductName {
  readonly stacks: readonly string[];
  /** Absent where the product does not exist. */
  readonly before?: ProductState;
  readonly after?: ProductState;
}

export interface Client extends ClientName {
  readonly stacks: readonly string[];
  /** Whether it exists before and after; a client that is replaced does both. */
  readonly before: boolean;
  readonly after: boolean;
}

export interface Acknowledgement {
  readonly rule: string;
  readonly address: string;
  /** Digest of the finding that was accepted. */
  readonly digest: string;
  /** Absent: in every stack. */
  readonly stack?: string;
  readonly reason: string;
  /** The last day, `YYYY-MM-DD`, on which it is valid. */
  readonly expires: string;
  /**
   * `used`: covers a finding; `expired`: would cover one, which counts again; `changed`: a finding of the rule is at the
   * address, but says something else than the one that was accepted; `idle`: matches nothing.
   */
  readonly status: 'used' | 'expired' | 'changed' | 'idle';
  /** The ids of the findings that match. */
  readonly findings: readonly string[];
}

export interface Note {
  /** Absent where it is about all plans. */
  readonly stack?: string;
  readonly message: string;
  readonly parts: readonly MessagePart[];
}
