import { Landscape, TENANT_ID, type LocalAzure } from '../../test/azure';
import { Client, PREVIEW } from '../../test/azure/support';

/** Landscapes as people leave them behind; each gives the id of its instance. */
export const LANDSCAPES: Readonly<Record<string, (azure: LocalAzure) => Promise<string> | string>> = {
  'the sandbox': (azure) => {
    const landscape = new Landscape(azure, { name: 'apim-sandbox', resourceGroup: 'rg-sandbox' })
      .api('echo', { operations: ['GET /resource'] })
      .user('developer');
    for (const name of ['Starter', 'Unlimited']) {
      landscape.product(name.toLowerCase(), {
        displayName: name,
        description: `${name} of sandbox sandbox`,
        authenticationType: ['application-token'],
        subscriptionRequired: false,
        apis: ['echo'],
      });
    }
    landscape.client('sandbox', {
      displayName: 'Sandbox sandbox 0ba4f5d22c2b',
      description: 'Calls Starter and Unlimited',
      owner: 'developer',
      products: ['starter', 'unlimited'],
    });
    landscape.clientSecret('sandbox');
    return landscape.instanceId;
  },

  'a product switched on in the portal': async (azure) => {
    const landscape = new Landscape(azure, { samples: true });
    const { status } = await new Client(azure).arm(
      'PATCH',
      `${landscape.instanceId}/products/starter`,
      { properties: { authenticationType: ['application-token'] } },
      PREVIEW,
      { 'if-match': '*' },
    );
    if (status !== 200) {
      throw new Error(`PATCH answers ${status}`);
    }
    return landscape.instanceId;
  },

  'several products and clients': (azure) => {
    const landscape = new Landscape(azure).api('orders').api('stock').user('ada').user('grace').group('partners');
    for (const number of [1, 2, 3, 4, 5, 6]) {
      landscape.product(`region-${number}`, {
        displayName: `Region ${number}`,
        authenticationType: ['application-token'],
        subscriptionRequired: false,
        apis: ['orders'],
      });
    }
    landscape.product('gold', {
      displayName: 'Gold Plan',
      description: 'For partners, \'the\' "best"',
      authenticationType: ['application-token'],
      subscriptionRequired: false,
      published: false,
      apis: ['orders', 'stock'],
      groups: ['partners'],
    });
    for (const number of [1, 2, 3, 4, 5]) {
      landscape.client(`worker-${number}`, {
        displayName: `Worker ${number}`,
        owner: 'ada',
        products: ['region-1', 'gold'],
      });
    }
    landscape.client('region-1', {
      displayName: 'Gold Plan',
      description: 'Same name',
      owner: 'grace',
      products: ['gold'],
    });
    landscape.client('other', { displayName: 'Other', owner: 'grace', products: ['region-2', 'region-3'] });
    const crm = landscape.registration('crm', {
      displayName: 'CRM',
      secrets: [
        { name: 'nightly', expiresInDays: 20 },
        { name: 'old', expiresInDays: -5 },
      ],
      owners: [landscape.directoryUser('hopper')],
    });
    landscape.grant(crm.clientId, { product: 'gold' });
    landscape.grant(crm.clientId, { product: 'region-6' });
    return landscape.instanceId;
  },

  'own registrations': (azure) => {
    const landscape = new Landscape(azure).api('orders').user('ada');
    const registered = landscape.registration('orders-product', {
      displayName: 'Orders API of team Orders',
      appRoles: ['Orders.Call'],
      assignmentRequired: true,
      owners: [landscape.directoryUser('hopper')],
    });
    landscape.product('orders', {
      displayName: 'Orders',
      authenticationType: ['application-token'],
      subscriptionRequired: false,
      apis: ['orders'],
      applicationId: registered.clientId,
    });
    const worker = landscape.registration('worker', {
      displayName: 'Worker',
      federated: [
        { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:contoso/worker:ref:refs/heads/main' },
      ],
    });
    landscape.grant(worker.clientId, { product: 'orders' });
    landscape.client('partner', { displayName: 'Partner', owner: 'ada', products: ['orders'] });
    return landscape.instanceId;
  },

  'a product with keys and subscriptions': async (azure) => {
    const landscape = new Landscape(azure).api('orders').user('ada');
    landscape.product('gold', {
      displayName: 'Gold',
      authenticationType: ['subscription-key', 'application-token'],
      subscriptionRequired: true,
      apis: ['orders'],
    });
    landscape.subscription('partner-key', { scope: `${landscape.instanceId}/products/gold` });
    landscape.client('partner', { displayName: 'Partner', owner: 'ada', products: ['gold'] });
    await new Client(azure).arm('PUT', `${landscape.instanceId}/products/gold/policies/policy`, {
      properties: {
        format: 'rawxml',
        value:
          '<policies><inbound><base /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>',
      },
    });
    return landscape.instanceId;
  },

  'products with policies of their own': async (azure) => {
    const landscape = new Landscape(azure).api('orders').user('ada');
    landscape.namedValue('backend-token', 'x', true);
    const policies: Readonly<Record<string, string>> = {
      plain: '<rate-limit calls="10" renewal-period="60" />',
      'with-expressions':
        '<!-- \u202E`${x}` %{y} \\ -->\r\n<set-variable name="who" value="@(context.Request.Headers.GetValueOrDefault("X-Who","a\\"b") + $"{1}")" />\r\n' +
        '<choose><when condition="@(context.Variables.GetValueOrDefault<string>("who") == "${x}" && 1 < 2)"><set-header name="Authorization" exists-action="override"><value>Bearer {{backend-token}}</value></set-header></when></choose>',
      'with-a-secret':
        '<set-header name="X-Backend-Key" exists-action="override"><value>only-we-know-it</value></set-header>',
    };
    for (const [id, inbound] of Object.entries(policies)) {
      landscape.product(id, {
        displayName: id.replaceAll('-', ' '),
        authenticationType: ['application-token'],
        subscriptionRequired: false,
        apis: ['orders'],
      });
      const { status, text } = await new Client(azure).arm(
        'PUT',
        `${landscape.instanceId}/products/${id}/policies/policy`,
        {
          properties: {
            format: 'rawxml',
            value: `<policies>\n\t<inbound>\n\t\t<base />\n\t\t${inbound}\n\t</inbound>\n\t<backend><base /></backend>\n\t<outbound><base /></outbound>\n\t<on-error><base /></on-error>\n</policies>`,
          },
        },
      );
      if (status >= 300) {
        throw new Error(`PUT answers ${status}: ${text}`);
      }
    }
    landscape.client('partner', { displayName: 'Partner', owner: 'ada', products: ['plain', 'with-a-secret'] });
    return landscape.instanceId;
  },

  'products that policies enforce': (azure) => {
    const landscape = new Landscape(azure).api('orders').api('stock').api('returns').user('ada');
    const registered = landscape.registration('orders-product', {
      displayName: 'Orders',
      appRoles: ['Orders.Read', 'Orders.Write'],
      assignmentRequired: true,
    });
    const policy = (inbound: string): string =>
      `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;
    const validation = (role: string): string =>
      `<validate-azure-ad-token tenant-id="${TENANT_ID}"><audiences><audience>api://${registered.clientId}</audience></audiences>` +
      `<required-claims><claim name="roles" match="any"><value>${role}</value></claim></required-claims></validate-azure-ad-token>`;
    landscape
      .product('reading', {
        displayName: 'Reading',
        subscriptionRequired: false,
        apis: ['orders'],
        policy: policy(validation('Orders.Read')),
      })
      .product('sometimes', {
        displayName: 'Sometimes',
        subscriptionRequired: false,
        apis: ['stock'],
        policy: policy(
          `<choose><when condition="@(context.Request.Method == &quot;POST&quot;)">${validation('Orders.Write')}</when></choose>`,
        ),
      })
      .product('elsewhere', {
        displayName: 'Elsewhere',
        subscriptionRequired: false,
        apis: ['returns'],
        policy: policy(
          `<validate-azure-ad-token tenant-id="${TENANT_ID}"><audiences><audience>api://returns</audience></audiences></validate-azure-ad-token>`,
        ),
      });
    const worker = landscape.registration('worker', {
      displayName: 'Worker',
      secrets: [{ name: 'one', expiresInDays: 90 }],
    });
    landscape.grant(worker.clientId, { applicationId: registered.clientId }, 'Orders.Read');
    const writer = landscape.registration('writer', {
      displayName: 'Writer',
      secrets: [{ name: 'one', expiresInDays: 90 }],
    });
    landscape.grant(writer.clientId, { applicationId: registered.clientId }, 'Orders.Write');
    return landscape.instanceId;
  },

  'an instance with its role': (azure) => {
    const landscape = new Landscape(azure, {
      sku: 'Premium',
      directoryRoles: ['User Administrator', 'Application Administrator'],
    })
      .api('orders')
      .user('ada');
    landscape.product('gold', {
      displayName: 'Gold',
      authenticationType: ['application-token'],
      subscriptionRequired: false,
      apis: ['orders'],
    });
    landscape.client('partner', { displayName: 'Partner', owner: 'ada', products: ['gold'] });
    const crm = landscape.registration('crm', { displayName: 'CRM' });
    landscape.grant(crm.clientId, { product: 'gold' });
    return landscape.instanceId;
  },

  'names that mean something elsewhere': (azure) => {
    const landscape = new Landscape(azure).api('orders').api('Api_2').user('ada').user('o-neill').group('partners');
    const names: Readonly<Record<string, string>> = {
      class: 'new',
      Default: 'Display Name',
      azure: 'application name',
      apim: 'Product',
      stack: 'product id',
      app: 'Instance id',
      'a-b': 'Gold Plan',
      a_b: 'gold-plan',
      '9lives': '9 lives',
      emoji: '🚀🚀',
      arabic: '\u202Eطلبات\u202C "الشركة"',
      accents: 'Ünï Cödé',
      quotes: `it's "quoted" \\ and \`ticked\``,
      interpolation: '${jsonencode(1)} %{if true}x%{endif} $${y}',
      proto: '__proto__',
      constructor: 'constructor',
      long: 'Long '.repeat(24).trim(),
      lines: 'two */ // words',
      declare: 'declareProduct',
      require: 'O Auth Product',
    };
    for (const [id, displayName] of Object.entries(names)) {
      landscape.product(id, {
        displayName,
        ...(id.length % 2 === 0 ? {} : { description: `${displayName}: <b>&amp;</b>\n\t'"\`\${x}%{y}` }),
        authenticationType: ['application-token'],
        subscriptionRequired: false,
        apis: id.length % 3 === 0 ? ['orders'] : ['Api_2', 'orders'],
      });
    }
    const ids = Object.keys(names);
    for (const number of [1, 2, 3, 4]) {
      landscape.client(`worker-${number}`, {
        displayName: `Worker ${'`${x}`'} ${number}`,
        owner: 'ada',
        products: ['Default', 'azure', 'class'],
      });
    }
    ids.forEach((id, index) => {
      landscape.client(id === 'a_b' ? 'a_b-client' : id, {
        displayName: (names[id] ?? '').slice(0, 100),
        ...(index % 2 === 0 ? {} : { description: `'"\`\${x} %{y} ${names[id] ?? ''}`.slice(0, 200) }),
        owner: index % 2 === 0 ? 'ada' : 'o-neill',
        products: [id, ids[(index + 1) % ids.length] ?? id],
      });
    });
    for (const displayName of [
      'class',
      'Class',
      'Gold Plan',
      '🚀',
      '\u202Eab',
      '${x} %{y} `',
      'Worker 1',
      'x'.repeat(120),
    ]) {
      const { clientId } = landscape.registration(displayName, { displayName });
      landscape.grant(clientId, { product: 'class' });
    }
    return landscape.instanceId;
  },

  'things that no construct covers': async (azure) => {
    const landscape = new Landscape(azure).api('orders').api('open').user('ada');
    landscape.product('keys', { displayName: 'Keys', apis: ['orders'] });
    landscape.product('open', { displayName: 'Open', subscriptionRequired: false, apis: ['open'] });
    landscape.product('empty', {
      displayName: 'Empty',
      authenticationType: ['application-token'],
      subscriptionRequired: false,
    });
    landscape.product('class', {
      displayName: 'class `${x}` \\ */ ${y}',
      authenticationType: ['application-token'],
      subscriptionRequired: false,
      apis: ['orders'],
    });
    landscape.client('idle', { displayName: 'Idle', owner: 'ada' });
    landscape.client('half', { displayName: 'Half', owner: 'ada', products: ['class'] });
    landscape.client('empty-only', { displayName: 'Empty only', owner: 'ada', products: ['empty'] });
    const client = new Client(azure);
    await client.put(`${landscape.instanceId}/clientApplications/half/productLinks/made-in-portal`, {
      productId: `${landscape.instanceId}/products/empty`,
    });
    return landscape.instanceId;
  },
};
