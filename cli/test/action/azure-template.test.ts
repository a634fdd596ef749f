import { parse } from 'yaml';
import { blocks, read, shellcheck } from './files';

interface Step {
  readonly bash?: string;
  readonly task?: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly condition?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

const text = read('azure-pipelines/review.yml');
const documentation = read('docs/azure-devops.md');
const template = parse(text) as {
  parameters: { name: string; type: string; default: unknown }[];
  steps: (Step | Record<string, Step[]>)[];
};

/** The steps, with those under a condition. */
const steps = template.steps.flatMap((step): readonly Step[] => {
  const [key = ''] = Object.keys(step);
  return key.startsWith('${{ if ') ? Object.values(step as Record<string, Step[]>).flat() : [step as Step];
});
const scripts = steps.flatMap(({ bash, inputs }) =>
  [bash, inputs?.inlineScript].filter((found) => typeof found === 'string'),
);

/** What each task takes, by the reference of Azure Pipelines. */
const TASKS: Readonly<Record<string, readonly string[]>> = {
  'UseNode@1': ['version', 'checkLatest', 'force32bit', 'retryCountOnDownloadFails', 'delayBetweenRetries'],
  'AzureCLI@2': [
    'azureSubscription',
    'scriptType',
    'scriptLocation',
    'scriptPath',
    'inlineScript',
    'arguments',
    'addSpnToEnvironment',
    'useGlobalConfig',
    'workingDirectory',
    'failOnStandardError',
    'visibleAzLogin',
    'keepAzSessionActive',
  ],
  'PublishPipelineArtifact@1': ['targetPath', 'artifact', 'publishLocation', 'properties'],
};
const KEYS = ['bash', 'task', 'name', 'displayName', 'condition', 'inputs', 'env'];

test('every parameter has a type that templates know, and a default of that type', () => {
  for (const { type, default: value, ...rest } of template.parameters) {
    expect(Object.keys(rest)).toEqual(['name']);
    expect(['string', 'number', 'boolean']).toContain(type);
    expect(typeof value).toBe(type);
  }
});

test('every step is a script or a task of a known version with inputs that it takes', () => {
  expect(steps).toHaveLength(11);
  for (const step of steps) {
    expect(Object.keys(step).filter((key) => !KEYS.includes(key))).toEqual([]);
    expect((step.bash === undefined) !== (step.task === undefined)).toBe(true);
    if (step.task !== undefined) {
      expect(Object.keys(TASKS)).toContain(step.task);
      expect(Object.keys(step.inputs ?? {}).filter((input) => !TASKS[step.task ?? '']?.includes(input))).toEqual([]);
    }
    expect(step.displayName).toMatch(/^Access review/);
  }
});

test('nothing is interpolated into a script: values come as variables', () => {
  expect(scripts).toHaveLength(9);
  expect(scripts.filter((script) => script.includes('${{') || /\$\([A-Z][A-Za-z]*\.[A-Za-z]/.test(script))).toEqual([]);
});

test('only the step that comments has the token of the build', () => {
  const holders = steps.filter(({ env }) => Object.values(env ?? {}).includes('$(System.AccessToken)'));
  expect(holders.map(({ displayName }) => displayName)).toEqual(['Access review, publish']);
});

test('plans are removed whatever happens', () => {
  expect(steps.find(({ displayName }) => displayName === 'Access review, remove the plans')?.condition).toBe(
    'always()',
  );
});

test('it plans the way the GitHub Action does', () => {
  const plan = steps.find(({ task }) => task === 'AzureCLI@2')?.inputs?.inlineScript as string;
  const [, shared = ''] = read('action/plan.sh').split('set -euo pipefail\n');
  expect(plan).toContain(shared.trim());
});

test.each([
  ['base.sh', 'Access review, files of the target branch'],
  ['self-test.sh', 'Access review, self-test'],
])('it runs what %s of the GitHub Action runs', (name, displayName) => {
  const step = steps.find((candidate) => candidate.displayName === displayName);
  const [, shared = ''] = read(`action/${name}`).split('set -euo pipefail\n');
  expect(step?.bash).toContain(shared.trim());
});

test.each(template.parameters.map(({ name }) => name))('parameter %s is used and documented', (name) => {
  expect(text).toMatch(new RegExp(`parameters\\.${name}\\b`));
  expect(documentation).toContain(`| \`${name}\` |`);
});

test('the documentation tells the defaults, and its examples are YAML that use parameters which there are', () => {
  for (const { name, default: value } of template.parameters) {
    const [, , , told = ''] = (
      documentation.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? ''
    ).split('|');
    expect([name, told.trim()]).toEqual([name, value === '' ? '' : `\`${String(value)}\``]);
  }
  const uses = blocks(documentation, 'yaml').flatMap((example) => usesOf(parse(example)));
  expect(uses.length).toBeGreaterThanOrEqual(2);
  const names = template.parameters.map(({ name }) => name);
  expect(uses.flatMap((given) => Object.keys(given)).filter((name) => !names.includes(name))).toEqual([]);
});

/** The parameters of every use of the template, wherever it stands in a pipeline. */
function usesOf(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { template: used, parameters } = value as { template?: string; parameters?: Record<string, unknown> };
  const own = used?.startsWith('azure-pipelines/review.yml@') === true ? [parameters ?? {}] : [];
  return [...own, ...Object.values(value).flatMap(usesOf)];
}

test('it takes the version of the package that it lies beside', () => {
  const { version } = JSON.parse(read('cli/package.json')) as { version: string };
  expect(template.parameters.find(({ name }) => name === 'version')?.default).toBe(version);
});

test('shellcheck finds nothing in the scripts', () => {
  // the task gives these three to the script
  const given =
    '#!/bin/bash\nservicePrincipalId="${1:-}" tenantId="${2:-}" idToken="${3:-}"\n: "$servicePrincipalId$tenantId$idToken"\n';
  for (const script of scripts) {
    expect(shellcheck(`${given}${script}`)).toBe('');
  }
});
