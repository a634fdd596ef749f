import { harmless, harmlessWhen, rules } from './row';

/** Attributes that mean the same whatever they are on. */
export const GENERAL = rules(
  harmless('labels decide nothing', 'tags', 'tags_all'),
  harmless(
    'it says how Terraform handles the object, not what the object is',
    'timeouts',
    'retry',
    'locks',
    'response_export_values',
    'sensitive_response_export_values',
    'schema_validation_enabled',
    'ignore_body_changes',
    'ignore_casing',
    'ignore_missing_property',
    'ignore_null_property',
    'ignore_other_items_in_list',
    'list_unique_id_property',
    'replace_triggers_external_values',
    'replace_triggers_refs',
    'delete_headers',
    'delete_query_parameters',
    'read_headers',
    'read_query_parameters',
  ),
  harmless('Azure answers it, nobody sets it', 'id', 'output', 'etag'),
  harmlessWhen(
    'it writes the object, and the written values are judged',
    ({ after, unknown }) =>
      !unknown && ['PUT', 'PATCH', 'apply'].includes(String(after).replace(/^(?:put|patch)$/i, 'PUT')),
    'method',
    'when',
  ),
  // a version that reads or writes other properties is the business of the kinds that have such
  harmlessWhen(
    'only the API version changes; the object is the same',
    ({ before, after, unknown, stays }) => !unknown && (!stays || typeOf(before) === typeOf(after)),
    'type',
  ),
);

function typeOf(type: unknown): string {
  return typeof type === 'string' && type.includes('/')
    ? (type.split('@')[0] ?? '').toLowerCase()
    : `? ${String(type)}`;
}
