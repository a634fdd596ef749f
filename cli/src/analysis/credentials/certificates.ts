import { X509Certificate } from 'node:crypto';
import { attribute, isUnknown, text, type Path } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { Resource, Side } from '../../plan/resource';
import type { Context } from '../context';

/** Whether a certificate that is replaced trusts another key holder: another subject or issuer, or another source. */
export function isOfSomebodyElse(context: Context, resource: Resource): boolean {
  const { before, after } = resource;
  if (isUnknown(after, 'value')) {
    // the value is unknown, so its sources decide: a value from a resource that the plan creates is new
    const { targets, open } = context.world.referencesOf(resource).resolve(resource, ['value']);
    const sources = targets.map((target) => target.resource).filter((source) => source.mode === 'managed');
    if (open && targets.length === 0) {
      return true;
    }
    return sources.some(
      (source) => source.before === undefined || (kindOf(source) === 'key vault certificate' && hasOtherPolicy(source)),
    );
  }
  const former = text(before, 'value');
  const next = text(after, 'value');
  if (former === next) {
    return false;
  }
  const [own, other] = [former, next].map(signedBy);
  return own === undefined || other === undefined || own !== other;
}

function signedBy(value: string | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  try {
    const { subject, issuer } = new X509Certificate(
      value.includes('-----BEGIN') ? value : Buffer.from(value, /^[0-9a-f\s]+$/i.test(value) ? 'hex' : 'base64'),
    );
    return JSON.stringify([subject, issuer]);
  } catch {
    return undefined;
  }
}

/** Whether a certificate in a vault is moved to another vault or another name. */
export function isElsewhere({ before, after }: Resource): boolean {
  const moved = (path: string): boolean =>
    isUnknown(after, path) || text(before, path)?.toLowerCase() !== text(after, path)?.toLowerCase();
  return ['key_vault_id', 'parent_id', 'name'].some(
    (path) => attribute(before, [path]).state !== 'absent' && moved(path),
  );
}

const POLICY: readonly Path[] = [
  ['certificate_policy', 0, 'issuer_parameters', 0, 'name'],
  ['certificate_policy', 0, 'x509_certificate_properties', 0, 'subject'],
  ['certificate_policy', 0, 'x509_certificate_properties', 0, 'subject_alternative_names'],
  ['certificate', 0, 'contents'],
];

/** Whether a certificate of a vault gets another subject or issuer, or one that is brought along. */
export function hasOtherPolicy({ before, after }: Resource): boolean {
  return POLICY.some((path) => known(before, path) !== known(after, path));
}

function known(side: Side | undefined, path: Path): string {
  return isUnknown(side, ...path) ? 'unknown' : JSON.stringify(attribute(side, path).value ?? null);
}
