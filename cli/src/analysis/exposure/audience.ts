import { name, say } from '../../message';
import { shownAudience } from '../audience-name';
import type { ExposureFinding, MessagePart } from '../../model';
import { isSensitive, isUnknown, printable, text, texts } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { byRegistration } from './by-registration';
import { clientList, exposure, productName, type ExposureRule, type ProductChange } from './product-change';

/** The audience of tokens: when it changes, the tokens that clients have stop working. */
export const audienceRule: ExposureRule = (change, context) => [
  ...productAudience(change, context),
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

/** Identifier URIs that are resources of their own and change or go. */
const identifiersOf = byRegistration(({ world }) =>
  world
    .managed('identifier uri')
    .filter((resource) => ['update', 'replace', 'delete'].includes(resource.action))
    .filter((resource) => text(resource.before, 'identifier_uri') !== text(resource.after, 'identifier_uri'))
    .map((resource) => ({
      item: resource,
      registrations: [
        world.principal(resource, 'before', 'application_id', (value) => `object ${value.split('/').at(-1) ?? ''}`),
      ],
    })),
);

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
      identifierGone(
        change,
        context,
        uri,
        isSensitive(resource.before, 'identifier_uris') ? undefined : shownAudience(uri),
        resource,
      ),
    );
  });
  // with its registration everything is destroyed, which is reported as the loss of those objects
  const goes = registrations
    .flatMap((key) => context.world.resourcesOf(key))
    .some((resource) => kindOf(resource) === 'application' && ['delete', 'replace'].includes(resource.action));
  const owned = (goes ? [] : identifiersOf(context, registrations)).map((resource) =>
    identifierGone(
      change,
      context,
      text(resource.before, 'identifier_uri') ?? '',
      shownAudience(printable(resource.before, 'identifier_uri') ?? ''),
      resource,
    ),
  );
  return [...listed, ...owned];
}

/**
 * An identifier is an audience of the product only where the product says so: by another one nobody asks for its
 * tokens.
 */
function identifierGone(
  change: ProductChange,
  context: Context,
  uri: string,
  shown: string | undefined,
  resource: Resource,
): ExposureFinding {
  const audience = change.before?.audienceValue;
  const tail = say`, which its registration no longer has`;
  if (audience === undefined || audience === uri) {
    return changed(change, context, uri, from(shown), tail, resource);
  }
  return exposure(context, change, {
    rule: 'audience-changed',
    severity: 'low',
    subject: uri,
    resource,
    judges: ['audience'],
    kinds: ['breaking'],
    says: say`tokens for ${productName(change)} can no longer be requested with ${shown === undefined ? 'one of the identifiers of its registration' : name(shown)}: its audience stays`,
  });
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
