import { UNKNOWN_TEXT } from '../../entities/policy-xml';
import { name, say } from '../../message';
import type { ExposureFinding, MessagePart } from '../../model';
import { isSensitive, isUnknown, printable, text, texts } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import { compare, type Context } from '../context';
import { clientList, exposure, productName, type ExposureRule, type ProductChange } from './product-change';

/** For whom tokens have to be made: when that changes, the tokens that clients hold stop working. */
export const audienceRule: ExposureRule = (change, context) => [
  ...productAudience(change, context),
  ...policyAudiences(change, context),
  ...identifierUris(change, context),
];

function productAudience(change: ProductChange, context: Context): ExposureFinding[] {
  const { before, after } = change;
  if (before?.audienceValue === undefined || after === undefined) {
    return [];
  }
  if (after.audienceValue !== undefined) {
    return after.audienceValue === before.audienceValue
      ? []
      : [changed(change, context, 'product', from(before.audience), to(after.audience))];
  }
  const path = ['body', 'properties', 'application', 'entra', 'audience'];
  const made = isUnknown(change.resource.after, ...path)
    ? context.world
        .referencesOf(change.resource)
        .targets(change.resource, path)
        .some(({ resource }) => resource.action === 'create' || resource.action === 'replace')
    : false;
  return made
    ? [changed(change, context, 'product', from(before.audience), say` to one that is unknown until apply`)]
    : [];
}

function policyAudiences(change: ProductChange, context: Context): ExposureFinding[] {
  const before = change.before?.policy;
  const after = change.after?.policy;
  if (
    before === undefined ||
    after === undefined ||
    !after.readable ||
    before.validations.length === 0 ||
    after.validations.length === 0
  ) {
    return [];
  }
  const former = new Set(before.validations.flatMap(({ audiences }) => audiences));
  const latter = new Set(after.validations.flatMap(({ audiences }) => audiences));
  if ([...former, ...latter].some((audience) => audience.includes(UNKNOWN_TEXT))) {
    return [];
  }
  const removed = [...former].filter((audience) => !latter.has(audience)).sort(compare);
  const added = [...latter].filter((audience) => !former.has(audience)).sort(compare);
  const printed = (audience: string): string | undefined =>
    before.sensitive || after.sensitive ? undefined : printableAudience(audience);
  const resource = context.products.policyResource(change.key, 'after') ?? change.resource;
  return [
    ...removed.map((audience) =>
      changed(change, context, audience, from(printed(audience)), say`, which its policy no longer accepts`, resource),
    ),
    ...added.map((audience) =>
      exposure(context, change, {
        rule: 'audience-added',
        resource,
        judges: ['policy'],
        subject: audience,
        kinds: ['broadening'],
        says: say`the policy of ${productName(change)} accepts tokens for one more audience${printed(audience) === undefined ? '' : say`: ${name(audience)}`}`,
      }),
    ),
    ...(latter.size === 0 && former.size > 0
      ? [
          exposure(context, change, {
            rule: 'validation-weakened',
            resource,
            judges: ['policy'],
            subject: 'audiences',
            kinds: ['broadening'],
            says: say`the policy of ${productName(change)} accepts tokens for any audience`,
          }),
        ]
      : []),
  ];
}

/** Identifier URIs of the product's registration, on the application or as resources of their own. */
function identifierUris(change: ProductChange, context: Context): ExposureFinding[] {
  const registrations = context.world.registrationsOf(change.key);
  const applications = registrations
    .flatMap((key) => context.world.resourcesOf(key))
    .filter(
      (resource) => resource.mode === 'managed' && kindOf(resource) === 'application' && resource.action === 'update',
    );
  const listed = applications.flatMap((resource) => {
    const latter = isUnknown(resource.after, 'identifier_uris')
      ? undefined
      : (texts(resource.after, 'identifier_uris') ?? []);
    if (latter !== undefined) {
      context.judged.mark(resource, 'audience');
    }
    const gone =
      latter === undefined
        ? []
        : (texts(resource.before, 'identifier_uris') ?? []).filter((uri) => !latter.includes(uri));
    return gone.map((uri) =>
      changed(
        change,
        context,
        uri,
        from(isSensitive(resource.before, 'identifier_uris') ? undefined : printableAudience(uri)),
        say`, which its registration no longer has`,
        resource,
      ),
    );
  });
  const owned = context.world
    .managed('identifier uri')
    .filter((resource) => ['update', 'replace', 'delete'].includes(resource.action))
    .filter((resource) =>
      registrations.includes(
        context.world.principal(
          resource,
          'before',
          'application_id',
          (value) => `object ${value.split('/').at(-1) ?? ''}`,
        ),
      ),
    )
    // with its registration everything goes, which is told as what that destroys
    .filter(
      () =>
        !registrations
          .flatMap((key) => context.world.resourcesOf(key))
          .some((resource) => kindOf(resource) === 'application' && ['delete', 'replace'].includes(resource.action)),
    )
    .filter((resource) => text(resource.before, 'identifier_uri') !== text(resource.after, 'identifier_uri'))
    .map((resource) =>
      changed(
        change,
        context,
        'identifier uri',
        from(printableAudience(printable(resource.before, 'identifier_uri') ?? '')),
        say`, which its registration no longer has`,
        resource,
      ),
    );
  return [...listed, ...owned];
}

function changed(
  change: ProductChange,
  context: Context,
  subject: string,
  lead: readonly MessagePart[],
  tail: readonly MessagePart[],
  resource = change.resource,
): ExposureFinding {
  return exposure(context, change, {
    rule: 'audience-changed',
    subject,
    resource,
    judges: ['policy', 'audience'],
    kinds: ['breaking'],
    says: say`tokens for ${productName(change)} stop working: its audience changes${lead}${tail}${clientList(change.clientsBefore, 'this concerns')}`,
    clients: change.clientsBefore,
  });
}

function from(audience: string | undefined): readonly MessagePart[] {
  return audience === undefined ? [] : say` from ${name(audience)}`;
}

function to(audience: string | undefined): readonly MessagePart[] {
  return audience === undefined ? [] : say` to ${name(audience)}`;
}

function printableAudience(audience: string): string | undefined {
  return /^(?:api|https):\/\/[\w.~/-]{1,200}$|^[0-9a-f-]{36}$/i.test(audience) ? audience : undefined;
}
