import { name, say } from '../../message';
import type { CredentialFinding } from '../../model';
import { printable } from '../../plan/attributes';
import { isDestroyed, type Resource, type Side } from '../../plan/resource';
import type { Context } from '../context';
import { credentialFinding, otherVersions, type Credential } from './credential';
import { describe } from './wording';

const DAY = 86_400_000;

export function expiring(context: Context, credential: Credential, all: readonly Credential[]): CredentialFinding[] {
  const { resource } = credential;
  if (isDestroyed(resource) && resource.action === 'delete') {
    return [];
  }
  const until = Date.parse(context.asOf) + (context.expiringWithinDays + 1) * DAY;
  const dates = endDates(resource.after)
    .filter((date) => date.getTime() < until)
    .sort((one, other) => one.getTime() - other.getTime());
  const [first] = dates;
  if (first === undefined) {
    return [];
  }
  const day = first.toISOString().slice(0, 10);
  const past = day < context.asOf;
  const renewed = otherVersions(context, credential, all).some(({ resource: other }) => outlives(other, first));
  const whose = credential.owner === undefined ? [] : say` of ${name(credential.owner.name)}`;
  return [
    credentialFinding(
      context,
      credential,
      'credential-expiring',
      'expiring',
      [],
      say`${describe(credential)}${whose} ${past ? 'expired' : 'expires'} on ${day}${renewed ? ', and a newer version of it stays valid' : ''}`,
      renewed ? 'info' : past ? 'high' : undefined,
      day,
    ),
  ];
}

function outlives({ action, after }: Resource, date: Date): boolean {
  return action === 'create' || action === 'replace' || endDates(after).some((end) => end > date);
}

function endDates(side: Side | undefined): Date[] {
  const given = [
    printable(side, 'end_date'),
    printable(side, 'expiration_date'),
    printable(side, 'certificate_attribute', 0, 'expires'),
  ];
  return given
    .filter((date): date is string => date !== undefined && /^\d{4}-\d{2}-\d{2}/.test(date))
    .map((date) => new Date(date))
    .filter((date) => !Number.isNaN(date.getTime()) && date.getUTCFullYear() > 1);
}
