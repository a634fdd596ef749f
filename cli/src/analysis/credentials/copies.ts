import { isObject, property } from '../../input/json';
import { name, say } from '../../message';
import type { CredentialFinding } from '../../model';
import { attribute, isUnknown, text } from '../../plan/attributes';
import { kindOf } from '../../plan/kinds';
import type { References, Target } from '../../plan/references';
import type { Resource } from '../../plan/resource';
import type { Context } from '../context';
import { client, credentialFinding, type Credential } from './credential';
import { SecretValues, type Secret } from './secret-values';

/** The secret that an attribute of a resource is. */
function secretOf(
  context: Context,
  { resource, attribute: path }: Target,
  all: readonly Credential[],
): Secret | undefined {
  const first = path.find((step) => typeof step === 'string');
  const kind = kindOf(resource);
  const credential = all.find((found) => found.resource === resource);
  if (kind === 'password' && (first === 'value' || first === undefined) && credential !== undefined) {
    return { credential, owner: credential.owner };
  }
  if (kind === 'key vault secret' && (first === 'value' || first === undefined) && credential !== undefined) {
    return { credential, owner: credential.owner };
  }
  if (
    kind === 'subscription' &&
    ['primary_key', 'secondary_key', undefined].includes(first) &&
    credential !== undefined
  ) {
    return { credential, owner: undefined };
  }
  if (kind === 'application' && first === 'password') {
    const owner = client(context, context.world.keyOf(resource));
    return { credential: { resource, kind: 'password', owner, subject: 'inline' }, owner };
  }
  const asks =
    resource.type === 'azapi_resource_action' &&
    /^list(?:Secrets|Keys|Value)$/i.test(text(resource.after ?? resource.before, 'action') ?? '');
  return asks && (first === 'output' || first === 'sensitive_output' || first === undefined)
    ? { credential: { resource, kind: 'client secret' }, owner: undefined }
    : undefined;
}

function whose({ owner, credential }: Secret) {
  return owner === undefined ? say`a ${credential.kind}` : say`the ${credential.kind} of ${name(owner.name)}`;
}

/** Secrets that outputs show: anyone who reads the outputs can act as the client. */
export function shownInOutputs(context: Context, all: readonly Credential[]): CredentialFinding[] {
  const values = new SecretValues(context, all);
  return context.world.plans.flatMap((plan) =>
    plan.changedOutputs.flatMap(({ name: outputName, after, unknown }) => {
      const { targets, open, sensitive } = context.world.outputOf(plan, outputName);
      const meant = targets.map((target) => secretOf(context, target, all)).filter((found) => found !== undefined);
      const found = once([...meant, ...values.heldBy(after)]);
      const made = found.length === 0 && open && unknown ? secretMadeIn(plan.stack, all) : undefined;
      if (made !== undefined) {
        return [
          credentialFinding(
            context,
            { ...made, subject: `output ${outputName}` },
            'secret-copied',
            'in state',
            sensitive ? ['secret-in-state'] : (made.owner?.existed ?? true) ? ['broadening'] : [],
            say`output ${name(outputName)} may contain a secret that this plan makes: its parts are unknown until apply`,
          ),
        ];
      }
      return found.map((secret) =>
        credentialFinding(
          context,
          { ...secret.credential, subject: `output ${outputName}` },
          'secret-copied',
          'in state',
          sensitive ? ['secret-in-state'] : ['broadening', 'secret-in-state'],
          sensitive
            ? say`output ${name(outputName)} contains ${whose(secret)}: anyone who reads the outputs of the state can act as the client`
            : say`output ${name(outputName)} shows ${whose(secret)} in clear text, in every log and plan: anyone who reads it can act as the client`,
        ),
      );
    }),
  );
}

function once(secrets: readonly Secret[]): readonly Secret[] {
  return [...new Map(secrets.map((secret) => [keyOf(secret), secret])).values()];
}

function keyOf({ credential: { resource, kind } }: Secret): string {
  return `${resource.stack} ${resource.address} ${kind}`;
}

/** A secret of which nobody knows the value before the apply: it may be what is unknown elsewhere. */
function secretMadeIn(stack: string, all: readonly Credential[]): Credential | undefined {
  return all.find(
    ({ resource, kind }) => resource.stack === stack && kind === 'password' && isUnknown(resource.after, 'value'),
  );
}

/** Resources other than vaults that a secret is written into. */
export function copiedInto(context: Context, all: readonly Credential[]): CredentialFinding[] {
  const values = new SecretValues(context, all);
  return context.world.resources
    .filter(({ mode, action }) => mode === 'managed' && ['create', 'replace', 'update'].includes(action))
    .filter((resource) => !HOLDERS.includes(kindOf(resource)))
    .flatMap((resource) => copies(context, resource, all, values));
}

const HOLDERS = ['key vault secret', 'password', 'certificate', 'federated credential'] as readonly unknown[];

function copies(
  context: Context,
  resource: Resource,
  all: readonly Credential[],
  values: SecretValues,
): CredentialFinding[] {
  const references = context.world.referencesOf(resource);
  const found = new Map<string, Secret | undefined>();
  for (const [path, written] of references.allWritten(resource)) {
    if (!changes(resource, path)) {
      continue;
    }
    for (const reference of written) {
      if (/^ephemeral\.azapi_resource_action\./.test(reference)) {
        found.set(reference, undefined);
      } else if (MAY_BE_SECRET.test(reference)) {
        references
          .meant(resource, reference)
          .map((target) => secretOf(context, target, all))
          .filter((secret) => secret !== undefined)
          .forEach((secret) => found.set(keyOf(secret), secret));
      }
    }
  }
  held(resource, values).forEach((secret) => found.set(keyOf(secret), secret));
  const maybe = found.size === 0 && holdsUntold(resource, references) ? secretMadeIn(resource.stack, all) : undefined;
  if (maybe !== undefined) {
    return [
      credentialFinding(
        context,
        { resource, kind: maybe.kind, subject: 'copy unknown' },
        'secret-copied',
        'made',
        (maybe.owner?.existed ?? true) ? ['broadening'] : [],
        say`${name(resource.address)} may contain a secret that this plan makes: a sensitive part of it is unknown until apply`,
      ),
    ];
  }
  return [...found].map(([subject, secret]) =>
    credentialFinding(
      context,
      {
        resource,
        kind: secret?.credential.kind ?? 'client secret',
        subject: `copy ${subject}`,
        ...(secret?.owner === undefined ? {} : { owner: secret.owner }),
      },
      'secret-copied',
      'made',
      (secret?.owner?.existed ?? true) ? ['broadening'] : [],
      say`${secret === undefined ? 'a client secret' : whose(secret)} is written into ${name(resource.address)}: anyone who reads it there can act as the client`,
    ),
  );
}

/** The secrets whose values a change writes into a resource that is no secret itself. */
function held(resource: Resource, values: SecretValues): readonly Secret[] {
  const side = resource.after?.value;
  return isObject(side)
    ? Object.entries(side)
        .filter(([path]) => changes(resource, path))
        .flatMap(([, value]) => values.heldBy(value))
        .filter(({ credential }) => credential.resource !== resource)
    : [];
}

/** Whether a sensitive value that is unknown until apply comes through a local value, which the plan does not show. */
function holdsUntold(resource: Resource, references: References): boolean {
  const { unknown, sensitive } = resource.after ?? {};
  return [...references.allWritten(resource)].some(
    ([path, written]) =>
      written.some((reference) => reference.startsWith('local.')) &&
      [unknown, sensitive].every((marks) => JSON.stringify(property(marks, path) ?? null).includes('true')),
  );
}

/** Most references mean no secret: only such need to be followed. */
const MAY_BE_SECRET = /value|_key\b|output|password|^(?:var|module|each|local)\./;

function changes({ action, before, after }: Resource, path: string): boolean {
  return (
    action !== 'update' ||
    hasUnknown(after?.unknown, path) ||
    isUnknown(after, path) ||
    JSON.stringify(attribute(before, [path]).value) !== JSON.stringify(attribute(after, [path]).value)
  );
}

function hasUnknown(marks: unknown, path: string): boolean {
  const own = typeof marks === 'object' && marks !== null ? (marks as Record<string, unknown>)[path] : marks;
  return JSON.stringify(own ?? null).includes('true');
}
