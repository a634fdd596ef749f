import { UNKNOWN_TEXT, type Claim, type Validation } from '../../entities/policy-xml';
import { listed, name, say } from '../../message';
import type { ExposureFinding, MessagePart } from '../../model';
import { compare, type Context } from '../context';
import { exposure, policyOf, productName, type ExposureRule, type ProductChange } from './product-change';

/** What a policy demands of tokens: claims, tenants, clients. Whether it demands one at all is another rule's. */
export const validationRule: ExposureRule = (change, context) => {
  const before = change.before?.policy;
  const after = change.after?.policy;
  if (
    change.before === undefined ||
    change.after === undefined ||
    before === undefined ||
    before.validations.length === 0
  ) {
    return [];
  }
  if (after === undefined || (after.readable && after.validations.length === 0)) {
    // where the product itself is known, losing the policy is told as what callers then have to bring
    return change.after.ways === undefined || change.before.ways === undefined || change.after.tokens === true
      ? [weakened(change, context, 'all', say`the policy of ${productName(change)} no longer validates tokens`)]
      : [];
  }
  if (!after.readable) {
    return [];
  }
  const sensitive = before.sensitive || after.sensitive;
  return [
    ...claims(change, context, before.validations, after.validations, sensitive),
    ...tenants(change, context, before.validations, after.validations),
    ...clients(change, context, before.validations, after.validations),
  ];
};

function claims(
  change: ProductChange,
  context: Context,
  before: readonly Validation[],
  after: readonly Validation[],
  sensitive: boolean,
): ExposureFinding[] {
  const former = before.flatMap((validation) => validation.claims);
  const latter = after.flatMap((validation) => validation.claims);
  const names = [...new Set([...former, ...latter].map((claim) => claim.name))].sort(compare);
  return names.flatMap((claimName) => {
    const verdicts = compareClaims(
      former.find((claim) => claim.name === claimName),
      latter.find((claim) => claim.name === claimName),
    );
    return verdicts.map(({ looser, wording, values }) => {
      const what = sensitive
        ? say` a claim`
        : say` claim ${name(claimName)}${values.length === 0 ? [] : say` ${listed(values)}`}`;
      const says = say`the policy of ${productName(change)} ${wording}${what}`;
      return looser
        ? weakened(change, context, `claim ${claimName} ${wording}`, says)
        : tightened(change, context, `claim ${claimName} ${wording}`, says);
    });
  });
}

interface ClaimVerdict {
  readonly looser: boolean;
  readonly wording: string;
  readonly values: readonly string[];
}

/** One more value of several is looser where any of them is enough, and tighter where all are needed. */
function compareClaims(before: Claim | undefined, after: Claim | undefined): ClaimVerdict[] {
  if (before === undefined || after === undefined) {
    return [
      before === undefined
        ? { looser: false, wording: 'demands', values: after?.values ?? [] }
        : { looser: true, wording: 'no longer demands', values: before.values },
    ];
  }
  const added = after.values.filter((value) => !before.values.includes(value) && !value.includes(UNKNOWN_TEXT));
  const removed = before.values.filter(
    (value) => !after.values.includes(value) && !after.values.some((other) => other.includes(UNKNOWN_TEXT)),
  );
  const any = after.match === 'any';
  const verdicts: ClaimVerdict[] = [];
  if (any && before.match === 'all' && before.values.length > 1) {
    verdicts.push({ looser: true, wording: 'is content with one value of', values: [] });
  }
  if (!any && before.match === 'any' && after.values.length > 1) {
    verdicts.push({ looser: false, wording: 'demands every value of', values: [] });
  }
  if (added.length > 0) {
    verdicts.push({ looser: any, wording: any ? 'also accepts' : 'also demands', values: added });
  }
  if (removed.length > 0) {
    verdicts.push({
      looser: !any || after.values.length === 0,
      wording: any && after.values.length > 0 ? 'no longer accepts' : 'no longer demands',
      values: removed,
    });
  }
  return verdicts;
}

function tenants(
  change: ProductChange,
  context: Context,
  before: readonly Validation[],
  after: readonly Validation[],
): ExposureFinding[] {
  const former = new Set(before.map(({ tenant }) => tenant ?? ''));
  const foreign = after.some(({ tenant = '' }) => !former.has(tenant) && !tenant.includes(UNKNOWN_TEXT));
  return foreign && !former.has(UNKNOWN_TEXT)
    ? [weakened(change, context, 'tenant', say`the policy of ${productName(change)} accepts tokens of another tenant`)]
    : [];
}

function clients(
  change: ProductChange,
  context: Context,
  before: readonly Validation[],
  after: readonly Validation[],
): ExposureFinding[] {
  const former = before.flatMap((validation) => validation.clients);
  const latter = after.flatMap((validation) => validation.clients);
  if ([...former, ...latter].some((client) => client.includes(UNKNOWN_TEXT))) {
    return [];
  }
  const added = latter.filter((client) => !former.includes(client)).length;
  const removed = former.filter((client) => !latter.includes(client)).length;
  const product = productName(change);
  if (former.length > 0 && latter.length === 0) {
    return [
      weakened(change, context, 'clients', say`the policy of ${product} no longer limits which clients it lets in`),
    ];
  }
  if (former.length === 0 && latter.length > 0) {
    return [tightened(change, context, 'clients', say`the policy of ${product} lets in the clients of a list only`)];
  }
  return [
    ...(added > 0
      ? [
          weakened(
            change,
            context,
            'clients added',
            say`the policy of ${product} lets in ${String(added)} more of the clients by their ids`,
          ),
        ]
      : []),
    ...(removed > 0
      ? [
          tightened(
            change,
            context,
            'clients removed',
            say`the policy of ${product} lets in ${String(removed)} fewer of the clients by their ids`,
          ),
        ]
      : []),
  ];
}

function weakened(
  change: ProductChange,
  context: Context,
  subject: string,
  says: readonly MessagePart[],
): ExposureFinding {
  return policyFinding(change, context, 'validation-weakened', subject, says);
}

function tightened(
  change: ProductChange,
  context: Context,
  subject: string,
  says: readonly MessagePart[],
): ExposureFinding {
  return policyFinding(change, context, 'validation-tightened', subject, says);
}

function policyFinding(
  change: ProductChange,
  context: Context,
  rule: 'validation-weakened' | 'validation-tightened',
  subject: string,
  says: readonly MessagePart[],
): ExposureFinding {
  return exposure(context, change, {
    rule,
    subject,
    ...policyOf(context, change),
    judges: ['policy'],
    kinds: rule === 'validation-weakened' ? ['broadening'] : ['breaking'],
    says,
    clients: change.clientsAfter,
  });
}
