import { TerraformVariable } from 'cdktf';
import {
  AccessManifest,
  ClientCredential,
  DirectoryRole,
  MultiProductApplication,
  ProductAuthorization,
} from '../../lib';
import {
  blockOf,
  child,
  counts,
  errorOf,
  newEntraClient,
  newInstance,
  newProduct,
  newStack,
  synth,
  untyped,
  VAULT,
  warningsOf,
} from '../support';

const PRINCIPAL = '33333333-3333-3333-3333-333333333333';
const GITHUB = 'https://token.actions.githubusercontent.com';
const EXCHANGE = ['api://AzureADTokenExchange'];

/** A client with one credential, and the credential's part of the manifest. */
function declared(credential: ClientCredential, stack = newStack()) {
  const instance = newInstance(stack, 'apim', { directoryRole: DirectoryRole.none() });
  const product = newProduct(stack, instance, 'gold', { authorization: ProductAuthorization.entraApplication() });
  const client = newEntraClient(stack, instance, [product], [credential]);
  new AccessManifest(stack, 'access', { applications: [client] });
  const terraform = synth(stack);
  const part = (path: string) => blockOf(terraform, child(client, path));
  return { client, terraform, part, manifest: terraform.output.oauth_access.value.applications.partner.credential };
}

function addressOf(client: MultiProductApplication, type: string, path: string): string {
  return `${type}.${child(client, path).friendlyUniqueId}`;
}

function variable(stack = newStack()): { stack: typeof stack; text: string; number: number } {
  const token = new TerraformVariable(stack, 'given', {});
  return { stack, text: token.stringValue, number: token.numberValue };
}

/** What the credential of a name trusts. */
function trusted(credential: ClientCredential, name: string) {
  return declared(credential).part(name);
}

test.each<[string, ClientCredential]>([
  ['federated', ClientCredential.federated({ issuer: GITHUB, subject: 'repo:contoso/orders', name: 'federated' })],
  ['gitHubActions', ClientCredential.gitHubActions({ organization: 'contoso', repository: 'orders', branch: 'main' })],
  ['managedIdentity', ClientCredential.managedIdentity({ principalId: PRINCIPAL })],
  ['keyVaultCertificate', ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'batch' })],
  ['password', ClientCredential.password({ keyVaultId: VAULT, secretName: 'importer' })],
])('a client with %s lets its products be replaced under their names', (_, credential) => {
  const stack = newStack();
  const product = newProduct(stack, newInstance(stack), 'gold');
  newEntraClient(stack, product.instance, [product], [credential]);

  // Terraform extends it to all that a block depends on, so to the products among the permissions of the application.
  expect(JSON.stringify(synth(stack))).not.toContain('create_before_destroy');
});

describe('ClientCredential.federated', () => {
  test('default setup: trust, and nothing that could leak', () => {
    const { terraform, part, manifest } = declared(
      ClientCredential.federated({ issuer: 'https://issuer.example/v2', subject: 'system:serviceaccount:ns:job' }),
    );

    expect(part('federated-system-serviceaccount-ns-job')).toEqual({
      application_id: '${azuread_application.partner.id}',
      display_name: 'federated-system-serviceaccount-ns-job',
      issuer: 'https://issuer.example/v2',
      subject: 'system:serviceaccount:ns:job',
      audiences: EXCHANGE,
    });
    expect(manifest).toEqual({
      kind: 'federated',
      issuer: 'https://issuer.example/v2',
      subject: 'system:serviceaccount:ns:job',
      audiences: EXCHANGE,
    });
    expect(Object.keys(counts(terraform)).filter((type) => /password|secret|certificate/.test(type))).toEqual([]);
    expect(terraform.terraform.required_version).toBeUndefined();
  });

  test('audiences, which are copied, and a name of its own', () => {
    const audiences = ['one', 'two'];
    const credential = ClientCredential.federated({ issuer: 'https://i', subject: 's', audiences, name: 'Cluster_7' });
    audiences.push('three');

    expect(trusted(credential, 'Cluster_7')).toMatchObject({ display_name: 'Cluster_7', audiences: ['one', 'two'] });
  });

  test('template markers are text', () => {
    const credential = ClientCredential.federated({
      issuer: 'https://i/${a}',
      subject: '%{b}',
      audiences: ['${c}'],
      name: 'one',
    });

    expect(trusted(credential, 'one')).toMatchObject({
      issuer: 'https://i/$${a}',
      subject: '%%{b}',
      audiences: ['$${c}'],
    });
  });

  const TEXT = 'must have 1 to 600 characters and not be blank, got';
  const NAME = 'name: must have 3 to 120 letters, digits, dashes and underscores and begin with a letter or digit, got';
  const given = { issuer: 'https://i', subject: 's', name: 'one' };
  test.each<[string, object, string[]]>([
    ['nothing', {}, ['issuer: must be an https URL, got undefined', `subject: ${TEXT} undefined`]],
    [
      'an issuer without encryption',
      { ...given, issuer: 'http://i' },
      ['issuer: must be an https URL, got "http://i"'],
    ],
    [
      'a host for the issuer',
      { ...given, issuer: 'issuer.example' },
      ['issuer: must be an https URL, got "issuer.example"'],
    ],
    ['an empty subject', { ...given, subject: '' }, [`subject: ${TEXT} ""`]],
    ['a blank subject', { ...given, subject: ' ' }, [`subject: ${TEXT} " "`]],
    ['no audience', { ...given, audiences: [] }, ['audiences: must not be empty, give at least one']],
    ['text for audiences', { ...given, audiences: 'api' }, ['audiences: must be a list, got "api"']],
    ['an empty audience', { ...given, audiences: [''] }, [`audiences: ${TEXT} ""`]],
    [
      'an audience twice',
      { ...given, audiences: ['a', 'a'] },
      ['audiences: must not contain the same value twice, got "a" again'],
    ],
    ['an empty name', { ...given, name: '' }, [`${NAME} ""`]],
    ['a short name', { ...given, name: 'ab' }, [`${NAME} "ab"`]],
    ['a name with a slash, which would be a path', { ...given, name: 'one/two' }, [`${NAME} "one/two"`]],
    ['a name with blanks', { ...given, name: 'my cluster' }, [`${NAME} "my cluster"`]],
    [
      'a long name',
      { ...given, name: 'x'.repeat(121) },
      [`${NAME} "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (121 characters)`],
    ],
    [
      'a subject too long for the name',
      { issuer: 'https://i', subject: 's'.repeat(111) },
      [`${NAME} "federated-${'s'.repeat(70)}"…"${'s'.repeat(40)}" (121 characters)`],
    ],
    ...['Default', 'service-principal', 'grants', 'apim-managed-grants'].map((name): [string, object, string[]] => [
      `the name ${name}`,
      { ...given, name },
      [`name: must not be "${name}", which names a block of the client itself`],
    ]),
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => ClientCredential.federated(untyped(props)))).toBe(
      lines.map((line) => `ClientCredential.federated: ${line}`).join('\n'),
    );
  });

  test('fails when the subject is a token and no name is given, or the name is one', () => {
    const { text } = variable();

    expect(errorOf(() => ClientCredential.federated({ issuer: 'https://i', subject: text }))).toBe(
      'ClientCredential.federated: name: is required where subject is a token',
    );
    expect(errorOf(() => ClientCredential.federated({ issuer: 'https://i', subject: 's', name: text }))).toBe(
      'ClientCredential.federated: name: must not be a token, since it names the block in Terraform',
    );
  });
});

describe('ClientCredential.gitHubActions', () => {
  const place = { organization: 'contoso', repository: 'order-import' };

  test.each<[string, Parameters<typeof ClientCredential.gitHubActions>[0], string, string]>([
    [
      'an environment',
      { ...place, environment: 'production' },
      'github-contoso-order-import-production',
      'repo:contoso/order-import:environment:production',
    ],
    [
      'a branch',
      { ...place, branch: 'main' },
      'github-contoso-order-import-main',
      'repo:contoso/order-import:ref:refs/heads/main',
    ],
    [
      'a branch with a slash',
      { ...place, branch: 'release/2026' },
      'github-contoso-order-import-release-2026',
      'repo:contoso/order-import:ref:refs/heads/release/2026',
    ],
    [
      'an environment with a colon and blanks',
      { ...place, environment: 'prod: west: 1' },
      'github-contoso-order-import-prod-west-1',
      'repo:contoso/order-import:environment:prod%3A west%3A 1',
    ],
    [
      'ids, which outlive names',
      { ...place, environment: 'production', organizationId: '42', repositoryId: '4711' },
      'github-contoso-order-import-production',
      'repo:contoso@42/order-import@4711:environment:production',
    ],
    [
      'ids and a branch',
      { ...place, branch: 'main', organizationId: '42', repositoryId: '4711' },
      'github-contoso-order-import-main',
      'repo:contoso@42/order-import@4711:ref:refs/heads/main',
    ],
    [
      'cases, which are compared exactly, with case',
      { organization: 'Contoso', repository: 'Order.Import', branch: 'Main' },
      'github-contoso-order-import-main',
      'repo:Contoso/Order.Import:ref:refs/heads/Main',
    ],
    [
      'a name of its own',
      { ...place, branch: 'main', name: 'nightly' },
      'nightly',
      'repo:contoso/order-import:ref:refs/heads/main',
    ],
  ])('with %s', (_, props, name, subject) => {
    const { part, manifest } = declared(ClientCredential.gitHubActions(props));

    expect(part(name)).toEqual({
      application_id: '${azuread_application.partner.id}',
      display_name: name,
      issuer: GITHUB,
      subject,
      audiences: EXCHANGE,
    });
    expect(manifest).toEqual({ kind: 'federated', issuer: GITHUB, subject, audiences: EXCHANGE });
  });

  test('tokens, with a name of its own', () => {
    const { stack, text } = variable();
    const { part } = declared(
      ClientCredential.gitHubActions({
        organization: text,
        repository: text,
        environment: text,
        organizationId: text,
        repositoryId: text,
        name: 'one',
      }),
      stack,
    );

    expect(part('one').subject).toBe(
      'repo:${var.given}@${var.given}/${var.given}@${var.given}:environment:${var.given}',
    );
  });

  test('fails when a part is a token and no name is given', () => {
    const { text } = variable();

    expect(errorOf(() => ClientCredential.gitHubActions({ ...place, branch: text }))).toBe(
      'ClientCredential.gitHubActions: name: is required where organization, repository, environment or branch is a token',
    );
  });

  const ORGANIZATION =
    'organization: must be a GitHub organization or user, at most 39 letters, digits and dashes, got';
  const REPOSITORY = 'repository: must be the name of a GitHub repository without its owner, got';
  const BRANCH = 'branch: must be the name of a branch such as main, without refs/heads/, got';
  const EITHER = 'environment: must be given without branch, or branch without it; got';
  const TOGETHER = 'organizationId: must be given together with repositoryId, got only';
  const named = { ...place, name: 'one' };
  test.each<[string, object, string[]]>([
    ['nothing', { name: 'one' }, [`${ORGANIZATION} undefined`, `${REPOSITORY} undefined`, `${EITHER} neither`]],
    ['neither environment nor branch', named, [`${EITHER} neither`]],
    ['both', { ...named, environment: 'production', branch: 'main' }, [`${EITHER} both`]],
    [
      'both, though one is empty',
      { ...named, environment: '', branch: 'main' },
      [`${EITHER} both`, 'environment: must have 1 to 255 characters and not be blank, got ""'],
    ],
    [
      'an empty environment',
      { ...named, environment: '' },
      ['environment: must have 1 to 255 characters and not be blank, got ""'],
    ],
    ['an empty branch', { ...named, branch: '' }, [`${BRANCH} ""`]],
    ['a whole ref', { ...named, branch: 'refs/heads/main' }, [`${BRANCH} "refs/heads/main"`]],
    ['a pattern for a branch', { ...named, branch: 'release/*' }, [`${BRANCH} "release/*"`]],
    [
      'a colon in a branch, which would end it',
      { ...named, branch: 'main:environment' },
      [`${BRANCH} "main:environment"`],
    ],
    [
      'a slash in the organization',
      { ...named, organization: 'contoso/order-import', branch: 'main' },
      [`${ORGANIZATION} "contoso/order-import"`],
    ],
    ['a colon in the organization', { ...named, organization: 'a:b', branch: 'main' }, [`${ORGANIZATION} "a:b"`]],
    [
      'an owner in the repository',
      { ...named, repository: 'contoso/order-import', branch: 'main' },
      [`${REPOSITORY} "contoso/order-import"`],
    ],
    ['a pattern for a repository', { ...named, repository: '*', branch: 'main' }, [`${REPOSITORY} "*"`]],
    ['the organization id alone', { ...named, branch: 'main', organizationId: '42' }, [`${TOGETHER} organizationId`]],
    ['the repository id alone', { ...named, branch: 'main', repositoryId: '42' }, [`${TOGETHER} repositoryId`]],
    [
      'an id as a number',
      { ...named, branch: 'main', organizationId: 42, repositoryId: '7' },
      ['organizationId: must be a numeric id, got 42'],
    ],
    [
      'ids that are names',
      { ...named, branch: 'main', organizationId: 'contoso', repositoryId: '' },
      ['organizationId: must be a numeric id, got "contoso"', 'repositoryId: must be a numeric id, got ""'],
    ],
    [
      'a reserved name',
      { ...place, branch: 'main', name: 'grants' },
      ['name: must not be "grants", which names a block of the client itself'],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => ClientCredential.gitHubActions(untyped(props)))).toBe(
      lines.map((line) => `ClientCredential.gitHubActions: ${line}`).join('\n'),
    );
  });
});

describe('ClientCredential.managedIdentity', () => {
  test("default setup: the deployer's tenant", () => {
    expect(trusted(ClientCredential.managedIdentity({ principalId: PRINCIPAL }), 'managed-identity')).toEqual({
      application_id: '${azuread_application.partner.id}',
      display_name: 'managed-identity',
      issuer: 'https://login.microsoftonline.com/${data.azuread_client_config.apim-oauth-deployer.tenant_id}/v2.0',
      subject: PRINCIPAL,
      audiences: EXCHANGE,
    });
  });

  test('tenantId and name', () => {
    expect(
      trusted(
        ClientCredential.managedIdentity({
          principalId: PRINCIPAL,
          tenantId: '11111111-1111-1111-1111-111111111111',
          name: 'worker',
        }),
        'worker',
      ),
    ).toMatchObject({
      display_name: 'worker',
      issuer: 'https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0',
    });
  });

  test('tokens', () => {
    const { stack, text } = variable();
    const { part } = declared(ClientCredential.managedIdentity({ principalId: text, tenantId: text }), stack);

    expect(part('managed-identity')).toMatchObject({
      issuer: 'https://login.microsoftonline.com/${var.given}/v2.0',
      subject: '${var.given}',
    });
  });

  const GUID = 'must be a GUID such as 9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3, got';
  test.each<[string, object, string[]]>([
    ['nothing', {}, [`principalId: ${GUID} undefined`]],
    [
      'the resource id of an identity',
      { principalId: '/subscriptions/x' },
      [`principalId: ${GUID} "/subscriptions/x"`],
    ],
    ['the name of a tenant', { principalId: PRINCIPAL, tenantId: 'contoso.com' }, [`tenantId: ${GUID} "contoso.com"`]],
    [
      'an empty tenant and a short name',
      { principalId: PRINCIPAL, tenantId: '', name: 'a' },
      [
        `tenantId: ${GUID} ""`,
        'name: must have 3 to 120 letters, digits, dashes and underscores and begin with a letter or digit, got "a"',
      ],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => ClientCredential.managedIdentity(untyped(props)))).toBe(
      lines.map((line) => `ClientCredential.managedIdentity: ${line}`).join('\n'),
    );
  });
});

describe('ClientCredential.keyVaultCertificate', () => {
  const MONTHS =
    '(tonumber(formatdate("YYYY", plantimestamp())) * 12 + tonumber(formatdate("M", plantimestamp())) - 1)';

  test('default setup: Key Vault keeps the key, Entra gets the public part of what was issued', () => {
    const { client, terraform, part, manifest } = declared(
      ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'batch' }),
    );
    const issued = `data.${addressOf(client, 'azurerm_key_vault_certificate', 'certificate-batch/issued')}`;
    const certificate = addressOf(client, 'azurerm_key_vault_certificate', 'certificate-batch/Default');

    expect(part('certificate-batch/Default')).toEqual({
      name: 'batch',
      key_vault_id: VAULT,
      certificate_policy: {
        issuer_parameters: { name: 'Self' },
        key_properties: { exportable: true, key_size: 3072, key_type: 'RSA', reuse_key: false },
        secret_properties: { content_type: 'application/x-pkcs12' },
        lifetime_action: [{ action: { action_type: 'EmailContacts' }, trigger: { days_before_expiry: 21 } }],
        x509_certificate_properties: {
          subject: `\${format("CN=%s, OU=generation %d", "batch", floor(${MONTHS} / 6))}`,
          validity_in_months: 12,
          key_usage: ['digitalSignature'],
          extended_key_usage: ['1.3.6.1.5.5.7.3.2'],
        },
      },
    });
    expect(part('certificate-batch/issued')).toEqual({
      name: `\${${certificate}.name}`,
      key_vault_id: VAULT,
      depends_on: [certificate],
    });
    const periods = addressOf(client, 'terraform_data', 'certificate-batch/periods');
    const slots = `{ even = floor(floor(${MONTHS} / 6) / 2) * 2, odd = floor((floor(${MONTHS} / 6) + 1) / 2) * 2 - 1 }`;
    expect(part('certificate-batch/periods')).toEqual({
      for_each: `\${${slots}}`,
      input: `\${floor(${MONTHS} / 6)}`,
      triggers_replace: '${each.value}',
      lifecycle: {
        ignore_changes: ['input'],
        replace_triggered_by: [
          'versionless_id',
          'certificate_policy[0].issuer_parameters',
          'certificate_policy[0].key_properties',
          'certificate_policy[0].secret_properties',
          'certificate_policy[0].x509_certificate_properties[0].extended_key_usage',
          'certificate_policy[0].x509_certificate_properties[0].key_usage',
          'certificate_policy[0].x509_certificate_properties[0].validity_in_months',
        ].map((attribute) => `${certificate}.${attribute}`),
      },
    });
    expect(part('certificate-batch/public-part')).toEqual({
      for_each: `\${{ for slot, generation in ${slots} : slot => slot if ${periods}[slot].input == generation }}`,
      application_id: '${azuread_application.partner.id}',
      key_id: `\${${periods}[each.key].id}`,
      type: 'AsymmetricX509Cert',
      encoding: 'hex',
      value: `\${${issued}.certificate_data}`,
      end_date: `\${${issued}.expires}`,
      lifecycle: { ignore_changes: ['value', 'end_date'] },
    });
    const parts = addressOf(client, 'azuread_application_certificate', 'certificate-batch/public-part');
    expect(terraform.check[child(client, 'certificate-batch/newest-version').friendlyUniqueId]).toEqual({
      assert: [
        {
          condition: `\${${parts}[floor(${MONTHS} / 6) % 2 == 0 ? "even" : "odd"].value == ${issued}.certificate_data}`,
          error_message:
            'Key Vault has a version of certificate batch that Terraform did not issue and Entra does not know. ' +
            `Apply with -replace='${periods}["even"]' and the same for "odd".`,
        },
      ],
    });
    expect(manifest).toEqual({
      kind: 'keyVaultCertificate',
      keyVaultId: VAULT,
      certificateName: 'batch',
      version: `\${${issued}.version}`,
    });
    expect(warningsOf(client.node.findChild('certificate-batch'))).toEqual([]);
    expect(terraform.terraform.required_version).toBe('>= 1.5');
  });

  test.each([
    [2, 1],
    [3, 1],
    [5, 2],
    [12, 6],
    [36, 18],
  ])('a validity of %i months is renewed every %i', (validityInMonths, renewed) => {
    const { part } = declared(
      ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: 'batch', validityInMonths }),
    );
    const { x509_certificate_properties: properties } = part('certificate-batch/Default').certificate_policy;

    expect(properties.validity_in_months).toBe(validityInMonths);
    expect(properties.subject).toBe(`\${format("CN=%s, OU=generation %d", "batch", floor(${MONTHS} / ${renewed}))}`);
  });

  test('a vault by reference', () => {
    const { stack, text } = variable();
    const { part, manifest } = declared(
      ClientCredential.keyVaultCertificate({ keyVaultId: text, certificateName: 'batch' }),
      stack,
    );

    expect(part('certificate-batch/Default').key_vault_id).toBe('${var.given}');
    expect(manifest.keyVaultId).toBe('${var.given}');
  });

  const VAULT_ID =
    'keyVaultId: must be the full resource id of a Key Vault, /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>, got';
  const NAME = 'certificateName: must have 1 to 127 letters, digits and dashes, got';
  test.each<[string, object, string[]]>([
    ['nothing', {}, [`${VAULT_ID} undefined`, `${NAME} undefined`]],
    [
      'the address of a vault',
      { keyVaultId: 'https://v.vault.azure.net', certificateName: 'a' },
      [`${VAULT_ID} "https://v.vault.azure.net"`],
    ],
    ['an empty name', { keyVaultId: VAULT, certificateName: '' }, [`${NAME} ""`]],
    ['a name with an underscore', { keyVaultId: VAULT, certificateName: 'a_b' }, [`${NAME} "a_b"`]],
    [
      'a month',
      { keyVaultId: VAULT, certificateName: 'a', validityInMonths: 1 },
      ['validityInMonths: must be a whole number from 2 to 36, got 1'],
    ],
    [
      'too long a validity',
      { keyVaultId: VAULT, certificateName: 'a', validityInMonths: 37 },
      ['validityInMonths: must be a whole number from 2 to 36, got 37'],
    ],
    [
      'part of a month',
      { keyVaultId: VAULT, certificateName: 'a', validityInMonths: 2.5 },
      ['validityInMonths: must be a whole number from 2 to 36, got 2.5'],
    ],
    [
      'a validity as text',
      { keyVaultId: VAULT, certificateName: 'a', validityInMonths: '12' },
      ['validityInMonths: must be a whole number from 2 to 36, got "12"'],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => ClientCredential.keyVaultCertificate(untyped(props)))).toBe(
      lines.map((line) => `ClientCredential.keyVaultCertificate: ${line}`).join('\n'),
    );
  });

  test('fails when the name or the validity is a token', () => {
    const { text, number } = variable();

    expect(
      errorOf(() =>
        ClientCredential.keyVaultCertificate({ keyVaultId: VAULT, certificateName: text, validityInMonths: number }),
      ),
    ).toBe(
      [
        'ClientCredential.keyVaultCertificate: certificateName: must not be a token, since it names the block in Terraform',
        'ClientCredential.keyVaultCertificate: validityInMonths: must not be a token, since renewals are counted from it',
      ].join('\n'),
    );
  });
});

describe('ClientCredential.password', () => {
  test('default setup: two secrets that take turns, and the current one in Key Vault by a write-only argument', () => {
    const { client, terraform, part, manifest } = declared(
      ClientCredential.password({ keyVaultId: VAULT, secretName: 'legacy' }),
    );
    const [even, odd] = ['even', 'odd'].map((slot) =>
      addressOf(client, 'azuread_application_password', `password-legacy/${slot}`),
    );
    const secret = part('password-legacy/Default');
    const local = (name: string): string => `local.${child(client, `password-legacy/${name}`).friendlyUniqueId}`;
    const current = `(${local('current')} == "even" ? ${even} : ${odd})`;

    for (const slot of ['even', 'odd']) {
      expect(part(`password-legacy/${slot}`)).toEqual({
        application_id: '${azuread_application.partner.id}',
        display_name: `legacy ${slot}`,
        end_date: expect.stringMatching(/^\$\{format\("%04d-%02d-01T00:00:00Z", .*\)\}$/),
        rotate_when_changed: { turn: `\${${local(`${slot}-turn`)}}` },
        lifecycle: { ignore_changes: ['end_date'] },
      });
    }
    expect(secret).toEqual({
      name: 'legacy',
      key_vault_id: VAULT,
      content_type: 'client secret',
      tags: {
        'apim-client-password': `\${format("even %s odd %s current %s", ${local('even-turn')}, ${local('odd-turn')}, ${local('current')})}`,
      },
      value_wo: `\${${current}.value}`,
      // What is stored follows the key: revoked, or of an application that was made anew, it is another.
      value_wo_version: `\${parseint(substr(sha256(${current}.key_id), 0, 8), 16) % 2147483647 + 1}`,
    });
    expect(manifest).toEqual({ kind: 'keyVaultSecret', keyVaultId: VAULT, secretName: 'legacy' });
    expect(terraform.terraform.required_version).toBe('>= 1.11');
  });

  test('the state holds it, which is a warning', () => {
    const { client } = declared(ClientCredential.password({ keyVaultId: VAULT, secretName: 'legacy' }));

    expect(warningsOf(client.node.findChild('password-legacy'))).toEqual([
      'ClientCredential.password() keeps client secrets in clear text in the Terraform state; use federated, gitHubActions, managedIdentity or keyVaultCertificate where the workload allows it',
    ]);
  });

  test.each([1, 11])('a rotation every %i months', (rotationInMonths) => {
    const { part } = declared(ClientCredential.password({ keyVaultId: VAULT, secretName: 'legacy', rotationInMonths }));

    expect(part('password-legacy/even').end_date).toContain(` + 2) * ${rotationInMonths} + 1, `);
    expect(part('password-legacy/before').triggers_replace).toBe(rotationInMonths);
  });

  test('the turns are remembered by the tag in the vault, and kept from one change of the rotation to the next', () => {
    const { part, terraform } = declared(ClientCredential.password({ keyVaultId: VAULT, secretName: 'Legacy' }));
    const { input, ...before } = part('password-Legacy/before');
    const tag = /try\((local\.[\w-]+_tags_\w+)\["legacy"\]\["apim-client-password"\], ""\)/;

    expect(before).toEqual({ triggers_replace: 6, lifecycle: { ignore_changes: ['input'] } });
    expect(Object.keys(input).sort()).toEqual(['current', 'even', 'odd', 'since']);
    expect(input.since).toBe(
      '${(tonumber(formatdate("YYYY", plantimestamp())) * 12 + tonumber(formatdate("M", plantimestamp())) - 1)}',
    );
    for (const name of ['current', 'even', 'odd']) {
      const [text, local] = tag.exec(input[name])!;
      expect(input[name]).toBe(`\${try(regex("(?:^| )${name} ([^ ]+)", ${text})[0], "")}`);
      expect(terraform.locals[local.slice('local.'.length)]).toContain('.secrets : lower(secret.name) => ');
    }
  });

  test('a vault by reference', () => {
    const { stack, text } = variable();
    const { part } = declared(ClientCredential.password({ keyVaultId: text, secretName: 'legacy' }), stack);

    expect(part('password-legacy/Default').key_vault_id).toBe('${var.given}');
  });

  const VAULT_ID =
    'keyVaultId: must be the full resource id of a Key Vault, /subscriptions/…/resourceGroups/…/providers/Microsoft.KeyVault/vaults/<name>, got';
  const NAME = 'secretName: must have 1 to 127 letters, digits and dashes, got';
  const ROTATION = 'rotationInMonths: must be a whole number from 1 to 11, got';
  test.each<[string, object, string[]]>([
    ['nothing', {}, [`${VAULT_ID} undefined`, `${NAME} undefined`]],
    [
      'a long name',
      { keyVaultId: VAULT, secretName: 'x'.repeat(128) },
      [`${NAME} "${'x'.repeat(80)}"…"${'x'.repeat(40)}" (128 characters)`],
    ],
    ['no rotation', { keyVaultId: VAULT, secretName: 'a', rotationInMonths: 0 }, [`${ROTATION} 0`]],
    ['two secrets beyond two years', { keyVaultId: VAULT, secretName: 'a', rotationInMonths: 12 }, [`${ROTATION} 12`]],
    [
      'a rotation that is no number',
      { keyVaultId: VAULT, secretName: 'a', rotationInMonths: NaN },
      [`${ROTATION} NaN`],
    ],
  ])('fails when given %s', (_, props, lines) => {
    expect(errorOf(() => ClientCredential.password(untyped(props)))).toBe(
      lines.map((line) => `ClientCredential.password: ${line}`).join('\n'),
    );
  });

  test('fails when the name or the rotation is a token', () => {
    const { text, number } = variable();

    expect(
      errorOf(() => ClientCredential.password({ keyVaultId: VAULT, secretName: text, rotationInMonths: number })),
    ).toBe(
      [
        'ClientCredential.password: secretName: must not be a token, since it names the block in Terraform',
        'ClientCredential.password: rotationInMonths: must not be a token, since rotations are counted from it',
      ].join('\n'),
    );
  });
});
