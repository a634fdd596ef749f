import { grouped } from '../grouped';
import { clean } from '../message';
import type { Instance } from '../landscape/model';
import type { AdoptedClient, AdoptedProduct } from './adoptable';
import type { Framework } from './framework';
import { Names, variableName } from './names';
import type { PlannedStack } from './stacks';
import { instanceLines, type ManagedInstance } from './managed-instance';
import { array, call, declaration, isName, object, quoted, type Prop } from './typescript';

/** So many that are alike are declared by a function or a loop. */
const MANY = 4;

interface ProgramOptions {
  readonly framework: Framework;
  /** How many objects are not adopted. */
  readonly leftOut: number;
  readonly managed?: ManagedInstance;
}

/** `main.ts`: the adopted landscape in the library's constructs. */
export function programOf(
  instance: Instance,
  stacks: readonly PlannedStack[],
  { framework, leftOut, managed }: ProgramOptions,
): string {
  const bodies = stacks.map((stack) => stackBody(instance, stack, stacks.length > 1, managed));
  const code = bodies.join('\n');
  const used = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const library = [
    'ApimInstanceWithIdentity',
    'ApimSku',
    'AzapiResource',
    'AzureProviders',
    'ClientRegistration',
    'DirectoryRole',
    'MultiProductApplication',
    'OAuthProduct',
  ].filter(used);
  return [
    '/*',
    ` * API Management instance ${clean(instance.name).replaceAll('*/', '')}, as apim-oauth adopt found it.`,
    ' *',
    ' * The first plan imports everything and changes nothing. Remove the lines with importFrom and importGrant once it is',
    ' * applied, unless a comment says to keep one: the next plan then adds what Azure does not know, such as retries, and',
    ' * replaces nothing.',
    ...(leftOut === 0 ? [] : [' * What is not adopted is listed in not-adopted.md.']),
    ' */',
    ...(used('ApiManagementProductPolicy')
      ? [importLine(['ApiManagementProductPolicy'], `${framework.azurerm}/lib/api-management-product-policy`)]
      : []),
    `import { App, TerraformStack } from '${framework.name}';`,
    importLine(library, framework.library),
    ...(used('ApiManagementProductPolicy') ? [importLine(['policies'], './policies')] : []),
    '',
    ...(used('instanceId') ? [`const instanceId =\n  ${quoted(instance.id)};`, ''] : []),
    'const app = new App();',
    '',
    code,
    'app.synth();',
    '',
  ].join('\n');
}

function importLine(names: readonly string[], module: string): string {
  const line = `import { ${names.join(', ')} } from '${module}';`;
  return line.length <= 120 ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${module}';`;
}

/** What the program itself calls a thing, in loops and functions too. */
const LOCAL_NAMES = [
  ...['app', 'instanceId', 'stack', 'apim', 'client', 'product', 'application'],
  ...['applicationName', 'displayName', 'productId', 'policies'],
];

/** The declarations of one stack; in a block of their own where there are several. */
function stackBody(
  instance: Instance,
  planned: PlannedStack,
  isOneOfSeveral: boolean,
  managed: ManagedInstance | undefined,
): string {
  const names = new Names(LOCAL_NAMES);
  const variables = new Map<string, string>();
  const granted = new Set(planned.clients.flatMap(({ grants }) => grants.map(({ productId }) => productId)));
  const isEmpty = planned.products.length + planned.clients.length === 0;
  const lines = [
    `const stack = new TerraformStack(app, ${quoted(planned.name)});`,
    `new AzureProviders(stack, 'azure', { subscriptionId: ${quoted(instance.subscriptionId)} });`,
    ...(managed === undefined
      ? [
          declaration(`${isEmpty ? '' : 'const apim = '}ApimInstanceWithIdentity.fromExisting`, 'apim', [
            ['name', quoted(instance.name)],
            ['resourceGroupName', quoted(instance.resourceGroup)],
          ]),
        ]
      : instanceLines(instance, managed)),
    '',
    ...planned.read.map((adopted) => {
      const { product } = adopted;
      const variable = names.take(
        variableName(product.displayName, 'product'),
        `${variableName(product.id, 'product')}Product`,
      );
      variables.set(product.id, variable);
      return declaration(
        `const ${variable} = OAuthProduct.${adopted.known === undefined ? 'fromProductId' : 'fromRegistration'}`,
        adopted.id,
        [
          ['instance', 'apim'],
          ['productId', quoted(product.id)],
          ['displayName', quoted(product.displayName)],
          ...registrationProps(adopted),
        ],
      );
    }),
    ...(planned.read.length > 0 ? [''] : []),
    ...productLines(planned.products, names, variables, granted),
    ...clientLines(planned.clients, names, variables, instance.id),
  ];
  const text = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd();
  if (!isOneOfSeveral) {
    return `${text}\n`;
  }
  const indented = text.replaceAll(/^(?=.)/gm, '  ');
  return `{\n${indented}\n}\n`;
}

function registrationProps({ product, known }: AdoptedProduct): Prop[] {
  if (known === undefined) {
    return [];
  }
  return [
    ['applicationId', quoted(known.applicationId)],
    ...(known.audience === undefined ? [] : [['audience', quoted(known.audience)] as const]),
    ['appRoleId', quoted(known.appRoleId)],
    ...(known.appRoleValue === `Product.${product.id}.All`
      ? []
      : [['appRoleValue', quoted(known.appRoleValue)] as const]),
    ['servicePrincipalObjectId', quoted(known.servicePrincipalObjectId)],
    ...(known.acceptsProductLinks ? [['acceptsProductLinks', 'true'] as const] : []),
  ];
}

function productProps({ product, description, terms, published, acceptsKeys, reviewed }: AdoptedProduct): Prop[] {
  return [
    ['instance', 'apim'],
    ['productId', quoted(product.id)],
    ['displayName', quoted(product.displayName)],
    ...(description === undefined ? [] : [['description', quoted(description)] as const]),
    ...(terms === undefined ? [] : [['terms', quoted(terms)] as const]),
    ['apiNames', array(product.apis.map(quoted), '  ')],
    ...(product.groups.length === 0 ? [] : [['groupNames', array(product.groups.map(quoted), '  ')] as const]),
    ...(published ? [] : [['published', 'false'] as const]),
    ...(acceptsKeys ? [['acceptSubscriptionKey', 'true'] as const] : []),
    ...(reviewed ? [] : [['reviewRegistration', 'false'] as const]),
  ];
}

function productLines(
  products: readonly AdoptedProduct[],
  names: Names,
  variables: Map<string, string>,
  granted: ReadonlySet<string>,
): string[] {
  const likeness = (adopted: AdoptedProduct): string =>
    JSON.stringify([
      adopted.description,
      adopted.terms,
      productProps(adopted).slice(3),
      adopted.overrides,
      adopted.id === adopted.product.id,
      adopted.policy?.id,
    ]);
  const groups = grouped(products, likeness);
  return [...groups.values()].flatMap((alike): string[] => {
    const [first] = alike;
    const many =
      alike.length >= MANY && first !== undefined && first.overrides.length === 0 && first.id === first.product.id;
    const helper = many ? names.take('declareProduct', 'declareOtherProduct', 'declareFurtherProduct') : '';
    const lines = alike.flatMap((adopted): string[] => {
      const { product } = adopted;
      const variable = names.take(
        variableName(product.displayName, 'product'),
        `${variableName(product.id, 'product')}Product`,
      );
      variables.set(product.id, variable);
      if (many) {
        const target = granted.has(product.id) ? `const ${variable} = ${helper}` : helper;
        return [call(target, [quoted(product.id), quoted(product.displayName)])];
      }
      return [
        declaration(`const ${variable} = new OAuthProduct`, adopted.id, productProps(adopted)),
        ...adopted.overrides.flatMap(({ name, value, reason }) => [
          `// ${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}.`,
          override(variable, name, value),
        ]),
        `${variable}.importFrom(\`\${instanceId}/products/${product.id}\`);`,
        ...policyLines(adopted, variable, names),
        '',
      ];
    });
    if (!many) {
      return lines;
    }
    const props = productProps(first).map(([name, expression]): Prop =>
      name === 'productId' ? [name, 'productId'] : name === 'displayName' ? [name, 'displayName'] : [name, expression],
    );
    return [
      `const ${helper} = (productId: string, displayName: string): OAuthProduct => {`,
      declaration('const product = new OAuthProduct', '${productId}', props, '  '),
      '  product.importFrom(`${instanceId}/products/${productId}`);',
      '  return product;',
      '};',
      ...lines,
      '',
    ];
  });
}

function policyLines({ product, policy }: AdoptedProduct, variable: string, names: Names): string[] {
  if (policy === undefined) {
    return [];
  }
  const name = names.take(`${variable}Policy`, `${variableName(product.id, 'product')}ProductPolicy`);
  return [
    declaration(`const ${name} = new ApiManagementProductPolicy`, policy.id, [
      ['apiManagementName', 'apim.instanceName'],
      ['resourceGroupName', 'apim.resourceGroupName'],
      ['productId', `${variable}.productId`],
      ['xmlContent', isName(product.id) ? `policies.${product.id}` : `policies[${quoted(product.id)}]`],
    ]),
    `${name}.node.addDependency(${variable});`,
    `${name}.importFrom(\`\${instanceId}/products/${product.id}\`);`,
  ];
}

/** The library would write another value; the override keeps what Azure has. */
function override(variable: string, name: string, value: unknown): string {
  const start = `(${variable}.node.defaultChild as AzapiResource).addOverride(${quoted(`body.properties.${name}`)}, `;
  const line = `${start}${literal(value)});`;
  if (line.length <= 120) {
    return line;
  }
  if (typeof value !== 'object' || value === null) {
    const target = `(${variable}.node.defaultChild as AzapiResource).addOverride`;
    return call(target, [quoted(`body.properties.${name}`), literal(value)]);
  }
  return `${start}${broken(value, '')});`;
}

/** A list or an object in lines of its own; what is in it too, where it does not fit. */
function broken(value: object, indent: string): string {
  const inner = `${indent}  `;
  const item = (label: string, each: unknown): string => {
    const line = `${inner}${label}${literal(each)},`;
    return line.length <= 120 || typeof each !== 'object' || each === null
      ? line
      : `${inner}${label}${broken(each, inner)},`;
  };
  const items = Array.isArray(value)
    ? value.map((each) => item('', each))
    : Object.entries(value).map(([key, each]) => item(`${key}: `, each));
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${items.join('\n')}\n${indent}${close}`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map(literal).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const props = Object.entries(value).map(([name, each]) => `${name}: ${literal(each)}`);
    return `{ ${props.join(', ')} }`;
  }
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

function clientLines(
  clients: readonly AdoptedClient[],
  names: Names,
  variables: ReadonlyMap<string, string>,
  instanceId: string,
): string[] {
  const products = ({ grants }: AdoptedClient): string[] =>
    grants.map(({ productId }) => variables.get(productId) ?? productId);
  const isPlain = (client: AdoptedClient): boolean =>
    client.ownerId !== undefined &&
    client.description === undefined &&
    client.id === client.applicationName &&
    client.grants.every(({ linkName, productId }) => linkName === productId);
  const groups = grouped(clients, (client) =>
    isPlain(client) ? JSON.stringify([client.ownerId, products(client)]) : client.id,
  );
  return [...groups.values()].flatMap((alike): string[] => {
    const [first] = alike;
    if (first !== undefined && alike.length >= MANY) {
      return clientLoop(alike, products(first), instanceId);
    }
    return alike.flatMap((client) => [...clientDeclaration(client, products(client), names, instanceId), '']);
  });
}

function clientLoop(alike: readonly AdoptedClient[], products: readonly string[], instanceId: string): string[] {
  const [first] = alike;
  const rows = alike.map(
    ({ applicationName, displayName }) => `  [${quoted(applicationName)}, ${quoted(displayName)}],`,
  );
  return [
    'for (const [applicationName, displayName] of [',
    ...rows,
    ']) {',
    declaration(
      'const client = new MultiProductApplication',
      '${applicationName}',
      [
        ['instance', 'apim'],
        ['applicationName', 'applicationName'],
        ['displayName', 'displayName'],
        ['ownerUserId', ownerExpression(first?.ownerId ?? '', instanceId)],
        ['products', array(products, '    ')],
      ],
      '  ',
    ),
    '  client.importFrom(`${instanceId}/clientApplications/${applicationName}`);',
    `  for (const product of ${array(products, '  ')}) {`,
    '    client.importGrant(',
    '      product,',
    '      `${instanceId}/clientApplications/${applicationName}/productLinks/${product.productId}`,',
    '    );',
    '  }',
    '}',
    '',
  ];
}

function clientDeclaration(
  client: AdoptedClient,
  products: readonly string[],
  names: Names,
  instanceId: string,
): string[] {
  const variable = names.take(
    variableName(client.displayName, 'client'),
    `${variableName(client.displayName, 'client')}Client`,
    `${variableName(client.applicationName, 'client')}Application`,
  );
  const { existing, ownerId, ownerName } = client;
  const props: Prop[] = [
    ['instance', 'apim'],
    ['applicationName', quoted(client.applicationName)],
    ['displayName', quoted(client.displayName)],
    ...(client.description === undefined ? [] : [['description', quoted(client.description)] as const]),
    ...(ownerId === undefined ? [] : [['ownerUserId', ownerExpression(ownerId, instanceId)] as const]),
    ...(existing === undefined
      ? []
      : [
          [
            'registration',
            `ClientRegistration.existing(${object(
              [
                ['clientId', quoted(existing.clientId)],
                ['servicePrincipalObjectId', quoted(existing.servicePrincipalObjectId)],
              ],
              '  ',
            )})`,
          ] as const,
        ]),
    ['products', array(products, '  ')],
  ];
  const path = `\${instanceId}/clientApplications/${client.applicationName}`;
  return [
    ...(ownerName === undefined || ownerId?.endsWith(`/${ownerName}`) === true
      ? []
      : [`// Owned by ${clean(ownerName)}.`]),
    declaration(`const ${variable} = new MultiProductApplication`, client.id, props),
    ...(existing === undefined ? [`${variable}.importFrom(\`${path}\`);`] : []),
    ...client.grants.flatMap(({ id, linkName, productId }, index) => [
      ...(linkName === undefined || linkName === productId
        ? []
        : ['// Keep the next line: the link does not have the name of the product, and would be replaced without it.']),
      call(`${variable}.importGrant`, [
        products[index] ?? '',
        linkName === undefined ? quoted(id) : `\`${path}/productLinks/${linkName}\``,
      ]),
    ]),
  ];
}

/** Below the instance by reference; as Azure spells it otherwise, since it is compared letter by letter. */
function ownerExpression(ownerId: string, instanceId: string): string {
  const user = ownerId.split('/').at(-1) ?? '';
  return ownerId === `${instanceId}/users/${user}` ? `\`\${instanceId}/users/${user}\`` : quoted(ownerId);
}
