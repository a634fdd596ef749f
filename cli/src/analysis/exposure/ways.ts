import type { Way } from '../../entities/products';
import { listed, say } from '../../message';
import type { ExposureFinding, MessagePart } from '../../model';
import { kindOf } from '../../plan/kinds';
import { isTouched, type Resource } from '../../plan/resource';
import type { Context } from '../context';
import { clientList, exposure, productName, type ExposureRule, type ProductChange } from './product-change';

/** What callers have to bring: tokens, keys, both or nothing. */
export const waysRule: ExposureRule = (found, context) => {
  const change = { ...found, resource: causeOf(found, context) };
  const { before, after } = change;
  if (after === undefined || !change.touched) {
    return [];
  }
  if (after.ways === undefined) {
    return unknownProtection(change, context);
  }
  if (before === undefined) {
    return after.ways.includes('anyone') ? [opened(change, context)] : [];
  }
  if (before.ways === undefined) {
    return fromUnknown(change, context, before.tokens, after.ways);
  }
  return compareWays(change, context, before.ways, after.ways);
};

/** A product that stays as it is demands something else by its policy: that is where the finding belongs. */
function causeOf({ key, resource }: ProductChange, context: Context): Resource {
  const policy = context.products.policyResource(key);
  return !isTouched(resource) && policy !== undefined && isTouched(policy) ? policy : resource;
}

/** What happens to tokens, in the words of the product's own setting or of its policy. */
function switched(change: ProductChange, native: boolean, on: boolean): readonly MessagePart[] {
  const product = productName(change);
  return native
    ? say`application based access is switched ${on ? 'on' : 'off'} for ${product}`
    : say`the policy of ${product} ${on ? 'validates tokens from now on' : 'no longer validates tokens'}`;
}

function compareWays(
  change: ProductChange,
  context: Context,
  before: readonly Way[],
  after: readonly Way[],
): ExposureFinding[] {
  const had = (way: Way): boolean => before.includes(way);
  const has = (way: Way): boolean => after.includes(way);
  const says = { before: describeWays(before), after: describeWays(after) };
  const product = productName(change);
  const found: ExposureFinding[] = [];
  if (has('anyone') && !had('anyone')) {
    found.push(opened(change, context));
  }
  if (had('anyone') && !has('anyone')) {
    found.push(
      exposure(context, change, {
        rule: 'product-closed',
        kinds: ['breaking'],
        says: say`${product} is no longer open: ${describeWays(after)}`,
        ...says,
      }),
    );
  }
  if (has('token') && !had('token') && had('token and key')) {
    found.push(
      exposure(context, change, {
        rule: 'keys-not-demanded',
        kinds: ['broadening'],
        says: say`${product} no longer demands a subscription key in addition to the token`,
        ...says,
      }),
    );
  } else if (has('token') && !had('token')) {
    found.push(
      exposure(context, change, {
        rule: 'tokens-on',
        // beside keys a token is one more way in; of an open product it is none
        kinds: had('anyone') ? [] : ['broadening'],
        says: say`${switched(change, change.after?.tokens === true, true)}: ${describeWays(after)}`,
        ...says,
      }),
    );
  }
  if (had('token') && has('token and key') && !has('token')) {
    found.push(
      exposure(context, change, {
        rule: 'keys-demanded',
        kinds: ['breaking'],
        says: say`${product} demands a subscription key in addition to the token${clientList(change.clientsBefore, 'this concerns')}`,
        clients: change.clientsBefore,
        ...says,
      }),
    );
  } else if ((had('token') || had('token and key')) && !has('token') && !has('token and key')) {
    found.push(...switchedOff(change, context, says, had, has));
  }
  if (has('key') && !had('key') && !had('anyone') && !had('token and key')) {
    found.push(
      exposure(context, change, {
        rule: 'keys-accepted',
        kinds: ['broadening'],
        says: say`${product} accepts subscription keys: anyone who has one needs no token`,
        ...says,
      }),
    );
  }
  if (had('key') && !has('key') && has('token and key')) {
    found.push(
      exposure(context, change, {
        rule: 'tokens-demanded',
        kinds: ['breaking'],
        says: say`${product} demands a token in addition to the subscription key`,
        ...says,
      }),
    );
  } else if (had('key') && !has('key') && !has('anyone')) {
    found.push(
      exposure(context, change, {
        rule: 'keys-refused',
        kinds: ['breaking'],
        says: say`${product} no longer accepts subscription keys: callers with one are refused`,
        ...says,
      }),
    );
  }
  return found;
}

function switchedOff(
  change: ProductChange,
  context: Context,
  says: { before: string; after: string },
  had: (way: Way) => boolean,
  has: (way: Way) => boolean,
): ExposureFinding[] {
  const product = productName(change);
  if (had('token and key')) {
    return has('key')
      ? [
          exposure(context, change, {
            rule: 'tokens-not-demanded',
            kinds: ['broadening'],
            says: say`${product} no longer demands a token: a subscription key alone is enough`,
            ...says,
          }),
        ]
      : [];
  }
  // of an open product nobody is refused
  return has('anyone')
    ? [
        exposure(context, change, {
          rule: 'tokens-off',
          severity: 'low',
          says: say`${switched(change, change.before?.tokens === true, false)}: tokens are no longer looked at`,
          clients: change.clientsBefore,
          ...says,
        }),
      ]
    : [
        exposure(context, change, {
          rule: 'tokens-off',
          kinds: ['breaking'],
          says: say`${switched(change, change.before?.tokens === true, false)}: tokens are refused${clientList(change.clientsBefore, 'this cuts off')}`,
          clients: change.clientsBefore,
          ...says,
        }),
      ];
}

/** Settings that are written over a product that no plan shows: what it demanded before is not known. */
function fromUnknown(
  change: ProductChange,
  context: Context,
  tokens: boolean | undefined,
  after: readonly Way[],
): ExposureFinding[] {
  if (after.includes('anyone')) {
    return [opened(change, context)];
  }
  if (tokens === undefined && after.includes('token')) {
    const only = !after.includes('key');
    return [
      exposure(context, change, {
        rule: 'tokens-on',
        judges: ['authentication', 'existence'],
        kinds: only ? ['broadening', 'breaking'] : ['broadening'],
        ...(only ? { severity: 'medium' as const } : {}),
        says: say`${switched(change, change.after?.tokens === true, true)}: ${describeWays(after)}${only ? ', and callers with a subscription key are refused' : ''}`,
        after: describeWays(after),
      }),
    ];
  }
  return [];
}

function opened(change: ProductChange, context: Context): ExposureFinding {
  const apis = (change.after?.apis ?? []).map((api) => api.name).sort();
  return exposure(context, change, {
    rule: 'product-open',
    judges: ['authentication', 'keys', 'existence'],
    kinds: ['broadening'],
    says: say`anyone can call ${productName(change)}: it demands neither a token nor a subscription key${apis.length === 0 ? [] : say` for ${listed(apis)}`}`,
    ...(change.before?.ways === undefined ? {} : { before: describeWays(change.before.ways) }),
    after: describeWays(['anyone']),
  });
}

function unknownProtection(change: ProductChange, context: Context): ExposureFinding[] {
  const { before, after, key } = change;
  const own = context.world
    .resourcesOf(key)
    .some((resource) => resource.mode === 'managed' && kindOf(resource) === 'product');
  const policyGone = before?.policy !== undefined && after?.policy === undefined;
  if ((!own && !policyGone) || (before !== undefined && before.ways === undefined && !policyGone)) {
    return [];
  }
  const reason =
    after?.policy?.demand.applies === 'sometimes'
      ? 'its policy validates tokens under a condition only'
      : 'what it demands is not known before the apply';
  return [
    exposure(context, change, {
      rule: 'protection-unknown',
      judges: ['authentication', 'keys'],
      kinds: ['broadening'],
      says: say`it is unknown whether ${productName(change)} is open: ${reason}`,
      ...(before?.ways === undefined ? {} : { before: describeWays(before.ways) }),
    }),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  anyone: 'anyone can call it',
  token: 'it demands a token',
  key: 'it demands a subscription key',
  'key,token': 'it accepts a token or a subscription key',
  'token and key': 'it demands a token and a subscription key',
};

export function describeWays(ways: readonly Way[] | undefined): string {
  return ways === undefined
    ? 'what it demands is unknown until apply'
    : (WORDS[[...ways].sort().join(',')] ?? 'what it demands is unknown until apply');
}
