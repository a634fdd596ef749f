import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../src/rules';
import { UserError } from '../src/user-error';
import { PlanFixture } from './fixtures/plan';
import { entraStack, guid, nativeStack } from './fixtures/stacks';
import { reviewOf, told } from './support';

describe('drift', () => {
  test('a grant that somebody removed, and that the plan makes again', () => {
    const found = reviewOf(nativeStack().vanishes('azapi_resource.partner_grants["gold"]'));
    expect(found.drift.map(({ message, about }) => [about, message])).toEqual([
      ['access', 'outside of Terraform: Contoso Partner loses Gold'],
    ]);
    expect(told(found)).toEqual(['access-gained [broadening] Contoso Partner gains Gold by product link']);
  });

  test('a product that somebody opened is in no verdict', () => {
    const plan = nativeStack();
    const found = plan.find('azapi_resource.gold').change;
    plan.drifts('azapi_resource.gold', {});
    const [drift] = plan.drift;
    if (drift !== undefined) {
      drift.change.after = {
        ...drift.change.after,
        body: { properties: { displayName: 'Gold', state: 'published', subscriptionRequired: false } },
      };
      found.before = found.after = drift.change.after;
    }
    const reviewed = reviewOf(plan);
    expect(reviewed.drift.map(({ message, severity }) => [severity, message])).toEqual([
      [
        'high',
        'outside of Terraform: anyone can call Gold: it demands neither a token nor a subscription key for echo-api',
      ],
      [
        'low',
        'outside of Terraform: application based access is switched off for Gold: tokens are no longer looked at',
      ],
    ]);
    expect(reviewed.verdict).toMatchObject({ label: 'NEUTRAL', counts: { critical: 0 } });
  });

  test('what the provider only writes differently is no drift', () => {
    const plan = entraStack();
    plan.drifts('azuread_application.client', { owners: null });
    expect(reviewOf(plan).drift).toEqual([]);
  });
});

describe('what a review cannot know', () => {
  test('nothing that has to do with access', () => {
    const plan = new PlanFixture();
    Array.from({ length: 300 }, (_, index) =>
      plan.creates(`azurerm_resource_group.group[${index}]`, { values: { name: `rg-${index}` }, expressions: {} }),
    );
    const found = reviewOf(plan);
    expect(found.notes.map(({ message }) => message)).toEqual([
      'nothing in main affects access to API Management products',
    ]);
    expect(found).toMatchObject({
      verdict: { label: 'NEUTRAL' },
      changes: { created: 300 },
      stacks: [{ accessResources: 0 }],
    });
  });

  test('reasons and actions that this version does not know', () => {
    const plan = nativeStack();
    plan.find('azapi_resource.gold').action_reason = 'delete_because_of_the_moon';
    plan.find('azurerm_resource_group.group').change.actions = ['teleport'];
    expect(reviewOf(plan).notes.map(({ message }) => message)).toEqual([
      '1 resource of main gives a reason that this version does not know: it is left out',
      '1 resource of main that has nothing to do with access has actions that this version does not know: it is counted as unchanged',
    ]);
  });

  test('unknown actions on access are no review', () => {
    const plan = nativeStack();
    plan.find('azapi_resource.partner_grants["gold"]').change.actions = ['teleport'];
    expect(() => reviewOf(plan)).toThrow(
      new UserError([
        'main.json: azapi_resource.partner_grants["gold"] has actions that this version does not know, so what happens to access is unknown; use a newer version of apim-oauth',
      ]),
    );
  });

  test('grants that lead nowhere, and checks that do not hold', () => {
    const plan = nativeStack().creates('azuread_app_role_assignment.x', {
      values: {},
      unknown: { principal_object_id: true, resource_object_id: true, app_role_id: true },
      expressions: {},
    });
    plan.overrides.checks = [{ address: { to_display: 'check.gold_registration' }, status: 'fail' }];
    expect(reviewOf(plan).notes.map(({ message }) => message)).toEqual([
      'check.gold_registration does not hold, see the plan',
      '1 grant of main cannot be resolved to a client and a product before the apply: see the addresses',
    ]);
  });
});

describe('acknowledgements', () => {
  const plan = () => nativeStack().deletes('azapi_resource.partner_grants["gold"]');
  const entry = {
    rule: 'access-lost',
    address: 'azapi_resource.partner_grants["gold"]',
    reason: 'moved to platinum',
    expires: '2026-11-23',
  };

  test('in force on their last day', () => {
    const found = reviewOf(plan(), { allowed: [entry] });
    expect(found.access[0]?.acknowledgement).toEqual({ reason: 'moved to platinum', expires: '2026-11-23' });
    expect(found.acknowledgements).toMatchObject([{ status: 'used', findings: [found.access[0]?.id] }]);
    expect(found.verdict).toMatchObject({ label: 'BREAKING', counts: { acknowledged: 1 } });
  });

  test('expired ones count again, idle ones are told', () => {
    const found = reviewOf(plan(), {
      allowed: [
        { ...entry, expires: '2026-11-22' },
        { ...entry, stack: 'other' },
      ],
    });
    expect(found.access[0]?.acknowledgement).toBeUndefined();
    expect(found.acknowledgements.map(({ status }) => status)).toEqual(['expired', 'idle']);
  });

  test('cover what the finding said: another client or product at the same address counts', () => {
    const found = reviewOf(plan(), { allowed: [{ ...entry, digest: 'f'.repeat(32) }] });
    expect(found.access[0]?.acknowledgement).toBeUndefined();
    expect(found.acknowledgements).toMatchObject([{ status: 'changed', findings: [] }]);
    const other = nativeStack().deletes('azapi_resource.partner_grants["gold"]');
    other.updates('azapi_resource.partner', { body: { properties: { displayName: 'Somebody Else' } } });
    expect(reviewOf(other).access[0]?.digest).not.toBe(reviewOf(plan()).access[0]?.digest);
  });
});

test('the same plans give the same review, in whatever order', () => {
  const plans = { b: entraStack(), a: nativeStack().deletes('azapi_resource.partner_grants["gold"]') };
  expect(JSON.stringify(reviewOf(plans))).toBe(JSON.stringify(reviewOf({ a: plans.a, b: plans.b })));
});

test('the marker depends on the stacks alone', () => {
  const one = reviewOf({ a: nativeStack(), b: entraStack() });
  const other = reviewOf({ b: entraStack().deletes('azapi_resource.native'), a: nativeStack() });
  expect(other.marker).toBe(one.marker);
  expect(reviewOf({ a: nativeStack() }).marker).not.toBe(one.marker);
});

test('ids of findings are unique and stable', () => {
  const plan = () => entraStack().updates('azuread_application.client', { owners: [guid(1), guid(2)] });
  const ids = (found: ReturnType<typeof reviewOf>): string[] => found.privilege.map(({ id }) => id);
  expect(new Set(ids(reviewOf(plan()))).size).toBe(2);
  expect(ids(reviewOf(plan()))).toEqual(ids(reviewOf(plan())));
});

test('a plan for which the prior state knows more than the changes', () => {
  const plan = new PlanFixture().reads('data.azuread_service_principal.gold', {
    client_id: guid(1),
    object_id: guid(2),
    display_name: 'APIMProductApplicationGold',
  });
  plan.creates('azuread_app_role_assignment.x', {
    values: { app_role_id: guid(3), principal_object_id: guid(4), resource_object_id: guid(2) },
    expressions: {},
  });
  expect(told(reviewOf(plan))).toEqual([
    `access-gained [broadening] ${guid(4)} gains APIMProductApplicationGold by app role assignment`,
  ]);
});

test('the documentation has every rule, and each rule its sentence', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'review.md'), 'utf8');
  for (const { id, severity, why } of Object.values(RULES)) {
    expect(page).toMatch(
      new RegExp(
        `^\\| \`${id}\` \\| ${severity} \\| [a-z–, -]+ \\| .+ \\| ${why.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} \\|$`,
        'm',
      ),
    );
  }
});
