import type { Cloud } from '../azure/clouds';
import type { ManifestApplication, ManifestProduct } from '../manifest/manifest';
import { clean } from '../message';
import { UserError } from '../user-error';

/** What a token is asked for. */
export interface Subject {
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly scope: string;
  /** Where a manifest was given. */
  readonly application?: ManifestApplication;
  readonly product?: ManifestProduct;
}

export interface SubjectOptions {
  readonly manifest?: readonly string[];
  readonly application?: string;
  readonly product?: string;
  readonly tenant?: string;
  readonly clientId?: string;
  readonly scope?: string;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TENANT = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i;

/** What is wrong with the options that say what the token is for. */
export function problemsOfSubject({
  manifest = [],
  application,
  product,
  tenant,
  clientId,
  scope,
}: SubjectOptions): string[] {
  const ids = { '--tenant': tenant, '--client-id': clientId, '--scope': scope };
  const names = Object.entries(ids);
  if (manifest.length > 0) {
    const extra = names.filter(([, value]) => value !== undefined).map(([flag]) => flag);
    return [
      ...(extra.length > 0 ? [`${extra.join(' and ')}: the manifest says that already; leave it out`] : []),
      ...(application === undefined
        ? ['--application is missing; give the name of an application of the manifest']
        : []),
      ...(product === undefined ? ['--product is missing; give the id of a product of the application'] : []),
    ];
  }
  const missing = names.filter(([, value]) => value === undefined).map(([flag]) => flag);
  if (missing.length === names.length) {
    return ['--manifest is missing; give it with --application and --product, or --tenant, --client-id and --scope'];
  }
  return [
    ...(missing.length > 0
      ? [`${missing.join(' and ')} missing; give --tenant, --client-id and --scope, or --manifest`]
      : []),
    ...(application === undefined && product === undefined ? [] : ['--application and --product go with --manifest']),
    ...(tenant === undefined || TENANT.test(tenant) ? [] : ['--tenant: this is neither a tenant id nor a domain name']),
    ...(clientId === undefined || GUID.test(clientId) ? [] : ['--client-id: this is not a client id, which is a GUID']),
    ...(scope === undefined || /^\S{1,500}$/.test(scope)
      ? []
      : ['--scope: this is not a scope; give <audience>/.default']),
  ];
}

export function subjectOf(
  options: SubjectOptions,
  applications: readonly ManifestApplication[],
  cloud: Cloud,
): Subject {
  if (options.manifest === undefined) {
    const { tenant = '', clientId = '', scope = '' } = options;
    return { tokenEndpoint: `${cloud.login}/${tenant}/oauth2/v2.0/token`, clientId, scope };
  }
  const application = only(
    applications.filter(({ name }) => name === options.application),
    options.application ?? '',
    applications.map(({ name }) => name),
  );
  const product = application.products.find(({ id }) => id === options.product);
  if (product === undefined) {
    throw new UserError([
      `${application.file}: application ${clean(application.name)} has no product ${clean(options.product ?? '')}; it has ${listOf(application.products.map(({ id }) => id))}`,
    ]);
  }
  const { tokenEndpoint, clientId } = application;
  return { tokenEndpoint, clientId, scope: product.scope, application, product };
}

function only(found: readonly ManifestApplication[], name: string, known: readonly string[]): ManifestApplication {
  const [first] = found;
  if (first === undefined) {
    throw new UserError([
      `--application ${clean(name)}: the manifest has no such application; it has ${listOf(known)}`,
    ]);
  }
  if (found.length > 1) {
    throw new UserError([
      `--application ${clean(name)}: ${found.length} manifests have one of this name; give one manifest`,
    ]);
  }
  return first;
}

export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(clean);
  return names.length === 0
    ? 'none'
    : `${shown.join(', ')}${names.length > shown.length ? ` and ${names.length - shown.length} more` : ''}`;
}
