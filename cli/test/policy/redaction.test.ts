import fc from 'fast-check';
import { FORMATS } from '../../src/formats/registry';
import type { Values } from '../fixtures/plan';
import { entraStack, guid, ORDERS_API, productApi, SERVICE } from '../fixtures/stacks';
import type { Review } from '../../src/model';
import { reviewOf } from '../support';

const SECRET = 'hunter2-PLANTED';

/** A policy with something of everything that holds values. */
const RICH = `<policies><inbound><base /><set-variable name="v" value="@("§")" /><set-variable name="§" value="§" /><validate-azure-ad-token tenant-id="${guid(9)}" header-name="Authorization" failed-validation-httpcode="401" failed-validation-error-message="§" output-token-variable-name="§"><client-application-ids><application-id>§</application-id></client-application-ids><backend-application-ids><application-id>§</application-id></backend-application-ids><audiences><audience>api://${guid(21)}</audience><audience>api://a/§?x=§</audience><audience>§</audience></audiences><required-claims><claim name="roles" match="any" separator="§"><value>Product.Policy.All</value><value>§</value></claim><claim name="§"><value>§</value></claim></required-claims></validate-azure-ad-token><validate-jwt query-parameter-name="§" token-value="@("§")" require-scheme="§" clock-skew="§"><openid-config url="https://x/§" /><issuer-signing-keys><key id="§">§</key></issuer-signing-keys><decryption-keys><key>§</key></decryption-keys><issuers><issuer>https://§</issuer></issuers></validate-jwt><validate-client-certificate><identities><identity thumbprint="§" subject="CN=§" /></identities></validate-client-certificate><ip-filter action="allow"><address>§</address><address-range from="§" to="§" /></ip-filter><check-header name="§" failed-check-httpcode="401" failed-check-error-message="§" ignore-case="false"><value>§</value></check-header><rate-limit-by-key calls="10" renewal-period="60" counter-key="@("§")" retry-after-header-name="§" /><quota calls="§" renewal-period="§" /><cors><allowed-origins><origin>https://§</origin></allowed-origins><allowed-headers><header>§</header></allowed-headers></cors><choose><when condition="@(context.Request.Headers["§"] == "§")"><return-response><set-status code="403" reason="§" /><set-body>§</set-body></return-response></when></choose><include-fragment fragment-id="§" /><set-header name="§" exists-action="override"><value>{{§}}</value></set-header><authentication-basic username="§" password="§" /><set-backend-service base-url="https://§" /><shiny §="§">§</shiny></inbound><backend><base /></backend><outbound><base /><set-header name="Access-Control-Allow-Origin" exists-action="override"><value>§</value></set-header></outbound><on-error><base /></on-error></policies>`;

const holes = RICH.split('§').length - 1;

/** The policy with one thing in one place, and something else in all the others. */
function filled(place: number, value: string): string {
  return RICH.split('§').reduce((text, part, index) => `${text}${index - 1 === place ? value : 'a'}${part}`);
}

function reviewed(before: string, after: string, sensitive: boolean): Review {
  const plan = entraStack()
    .exists('azurerm_api_management_api.orders', { values: ORDERS_API, expressions: {} })
    .exists('azurerm_api_management_product_api.policy', { values: productApi('policy', 'orders'), expressions: {} })
    .exists('azurerm_api_management_api_policy.orders', {
      values: { api_management_name: 'ref-apim', api_name: 'orders', xml_content: before },
      expressions: {},
    })
    .exists('azurerm_api_management_policy_fragment.a', {
      values: { api_management_id: SERVICE, name: 'a', value: before.replace(/^.*<inbound>|<\/inbound>.*$/g, '') },
      expressions: {},
    });
  const policy = plan.find('azurerm_api_management_product_policy.policy').change;
  policy.before = { api_management_name: 'ref-apim', product_id: 'policy', xml_content: before };
  if (sensitive) {
    policy.before_sensitive = policy.after_sensitive = { xml_content: true };
  }
  const values: Values = { xml_content: after };
  return reviewOf(
    plan
      .updates('azurerm_api_management_product_policy.policy', values)
      .updates('azurerm_api_management_api_policy.orders', values)
      .updates('azurerm_api_management_policy_fragment.a', { value: `<fragment>${after}</fragment>` }),
  );
}

function printed(before: string, after: string, sensitive: boolean): string {
  const found = reviewed(before, after, sensitive);
  return FORMATS.map((format) => format.render(found)).join('\n');
}

test('the policy has places to plant in, and changes are told', () => {
  expect(holes).toBeGreaterThan(45);
  expect(printed(filled(-1, ''), filled(0, 'b'), false)).toContain('the policy of');
});

test('no value of a policy is ever printed, wherever it stands and whatever it becomes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: holes - 1 }),
      fc.constantFrom('new', 'gone', 'changed'),
      fc.boolean(),
      (place, what, sensitive) => {
        const plain = filled(-1, '');
        const planted = filled(place, SECRET);
        const [before, after] =
          what === 'new'
            ? [plain, planted]
            : what === 'gone'
              ? [planted, plain]
              : [planted, filled(place, `${SECRET}-2`)];
        return !printed(before, after, sensitive).includes(SECRET);
      },
    ),
    { numRuns: 60 },
  );
});

test('a role that the plans declare is printed, unless the policy is sensitive', () => {
  const before = RICH.replaceAll('§', 'a');
  const after = before.replace('<value>Product.Policy.All</value>', '');
  const told = (sensitive: boolean): string[] =>
    reviewed(before, after, sensitive)
      .exposure.map(({ message }) => message)
      .filter((message) => message.startsWith('the policy of Policy no longer accepts claim'));
  expect(told(false)).toEqual(['the policy of Policy no longer accepts claim roles Product.Policy.All']);
  expect(told(true)).toEqual(['the policy of Policy no longer accepts claim roles (1 value)']);
});
