import type { ApiSettings } from '../entities/apis';
import { SIDES, type SideName } from '../entities/aliases';
import { clean, name, say } from '../message';
import type { ExposureFinding, FindingKind, MessagePart } from '../model';
import { attribute } from '../plan/attributes';
import { isTouched, type Resource } from '../plan/resource';
import type { RuleId } from '../rules';
import { finding, type Context } from './context';

/**
 * What becomes of a call that brings no subscription key: the product that needs none handles it, the API itself does
 * where it demands none, or it is refused.
 */
type Entrance = 'refused' | 'product' | 'api' | 'unknown';

/** Calls that get to an API beside its products, since the API itself demands no subscription key. */
export function analyzeApis(context: Context): readonly ExposureFinding[] {
  return context.products.apiSettings.flatMap((api) => {
    const { before, after, blocks } = api;
    const known = [before, after].every((side) => side === undefined || side.subscriptionRequired !== undefined);
    const [former, latter] = SIDES.map((side) => entrance(context, api, side));
    if (known && former !== 'unknown' && latter !== 'unknown') {
      blocks.forEach((block) => context.judged.mark(block, 'keys'));
    }
    return [
      ...moves(context, api),
      ...(former === latter || after === undefined
        ? []
        : judge(context, api, former ?? 'unknown', latter ?? 'unknown')),
    ];
  });
}

/** That calls to the former path fail is sure; who gets to the API by the new one is left to the reader of the plan. */
function moves(context: Context, { shown, blocks }: ApiSettings): ExposureFinding[] {
  return blocks.flatMap((resource) => {
    const path = resource.type.startsWith('azapi_') ? ['body', 'properties', 'path'] : ['path'];
    const [former, latter] = [attribute(resource.before, path), attribute(resource.after, path)];
    return resource.action === 'update' && former.state === 'known' && former.value !== latter.value
      ? [
          {
            ...finding(context, {
              rule: 'api-moved',
              resource,
              kinds: ['breaking'],
              says: say`API ${name(shown)} moves to another path: calls to the former one fail`,
            }),
            api: clean(shown),
            clients: [],
          },
        ]
      : [];
  });
}

function judge(context: Context, api: ApiSettings, former: Entrance, latter: Entrance): ExposureFinding[] {
  const place = placeOf(context, api);
  if (place === undefined) {
    return [];
  }
  const tell = (rule: RuleId, kinds: readonly FindingKind[], says: readonly MessagePart[]): ExposureFinding[] => [
    {
      ...finding(context, { rule, resource: place, subject: api.name, kinds, says, judges: ['keys'] }),
      api: clean(api.shown),
      clients: [],
    },
  ];
  const shown = name(api.shown);
  if (latter === 'api') {
    const why =
      former === 'product' ? 'no product handles calls without a key any more' : 'it demands no subscription key';
    return demandsToken(context, api)
      ? tell(
          'api-keys-not-demanded',
          ['broadening'],
          say`API ${shown} can be called with only a token, outside of its products: ${why}`,
        )
      : tell(
          'api-open',
          ['broadening'],
          say`anyone can call API ${shown}, whatever its products demand: ${why}, and its policy demands no token`,
        );
  }
  if (latter === 'unknown' && former === 'refused') {
    return tell(
      'protection-unknown',
      ['broadening'],
      say`it is unknown before the apply whether API ${shown} can be called without a subscription key`,
    );
  }
  if (former === 'api' && latter === 'refused') {
    return tell('api-keys-demanded', ['breaking'], say`API ${shown} demands a subscription key of every caller`);
  }
  return [];
}

/** Whether the policies of an API, or of all APIs, validate tokens whatever product a call is for. */
function demandsToken(context: Context, { instance, name: api }: ApiSettings): boolean {
  return context.products.demandOfApi(instance, api, 'after').applies === 'always';
}

function entrance(context: Context, api: ApiSettings, side: SideName): Entrance {
  const settings = api[side];
  if (settings === undefined) {
    return 'refused';
  }
  const products = context.products
    .productsOfApi(api.instance, api.name, side)
    .map((key) => context.products.state(key, side))
    .filter((state) => state !== undefined);
  // a product that takes tokens by itself handles calls with a token; those without may go on to the API
  const handles = products.filter(({ tokens }) => tokens !== true);
  if (handles.some(({ ways }) => ways?.some((way) => way === 'anyone' || way === 'token') === true)) {
    return 'product';
  }
  if (settings.subscriptionRequired === true) {
    return handles.some(({ ways }) => ways === undefined) ? 'product' : 'refused';
  }
  return settings.subscriptionRequired === undefined || handles.some(({ ways }) => ways === undefined)
    ? 'unknown'
    : 'api';
}

/** Where it is best seen that calls get to an API: at its own block, else at what takes it out of a product. */
function placeOf(context: Context, { instance, name: api, blocks }: ApiSettings): Resource | undefined {
  const touched = blocks.find((block) => isTouched(block) && block.action !== 'forget');
  const products = SIDES.flatMap((side) => context.products.productsOfApi(instance, api, side));
  const members = products.flatMap((key) =>
    SIDES.flatMap((side) =>
      (context.products.state(key, side)?.apis ?? [])
        .filter((member) => member.name.toLowerCase() === api.toLowerCase())
        .map(({ resource }) => resource),
    ),
  );
  const settings = products.flatMap((key) => context.world.resourcesOf(key));
  return (
    touched ??
    [...members, ...settings].find((resource) => resource.mode === 'managed' && isTouched(resource)) ??
    blocks[0]
  );
}
