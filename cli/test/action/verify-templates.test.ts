import { parse } from 'yaml';
import { blocks, parsedByGitHub, read, shellcheck } from './files';

const documentation = read('docs/verify.md');
const workflowText = read('action/verify.yml');
const templateText = read('azure-pipelines/verify.yml');
const workflow = parse(workflowText) as {
  on: { workflow_call: { inputs: Record<string, { type: string; default?: unknown }> } };
  jobs: { verify: { steps: { name?: string; run?: string; if?: string }[] } };
};
const template = parse(templateText) as {
  parameters: { name: string; type: string; default: unknown }[];
  steps: { bash?: string; task?: string; condition?: string; inputs?: Record<string, unknown> }[];
};
const { version } = JSON.parse(read('cli/package.json')) as { version: string };

test('the workflow and its callers in the documentation parse with GitHub’s own parser', () => {
  const callers = blocks(documentation, 'yaml')
    .filter((content) => content.includes('jobs:'))
    .map((content, index) => ({ kind: 'workflow' as const, name: `caller-${index}.yml`, content }));
  expect(callers.length).toBeGreaterThan(0);
  expect(parsedByGitHub([{ kind: 'workflow', name: 'verify.yml', content: workflowText }, ...callers])).toEqual([]);
}, 60_000);

test('the caller gives the inputs that the workflow takes, and runs after an apply and on a schedule', () => {
  const [caller] = blocks(documentation, 'yaml').map((content) => parse(content) as any);
  const { inputs } = workflow.on.workflow_call;
  expect(Object.keys(caller.jobs.verify.with).filter((name) => inputs[name] === undefined)).toEqual([]);
  expect(caller.on.schedule).toHaveLength(1);
  expect(caller.jobs.verify.needs).toBe('apply');
});

test('every action that is used is pinned to a commit, with its version beside it', () => {
  const used = workflowText.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
  expect(used).toHaveLength(5);
  expect(used.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('nothing is interpolated into a script: values come as variables', () => {
  const scripts = [
    ...workflow.jobs.verify.steps.map(({ run }) => run),
    ...template.steps.flatMap(({ bash, inputs }) => [bash, inputs?.inlineScript as string | undefined]),
  ].filter((script) => script !== undefined);
  expect(scripts).toHaveLength(4);
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
});

test('both take the version of the package, wait after an apply, and report whatever happens', () => {
  const { inputs } = workflow.on.workflow_call;
  const parameters = Object.fromEntries(template.parameters.map(({ name, default: value }) => [name, value]));
  expect([inputs.version?.default, parameters.version]).toEqual([version, version]);
  expect([inputs.wait?.default, parameters.wait]).toEqual([300, 300]);
  expect(workflow.jobs.verify.steps.at(-1)?.if).toBe('always()');
  expect(template.steps.at(-1)?.condition).toBe('always()');
});

test('shellcheck finds nothing in the scripts', () => {
  const scripts = [
    ...workflow.jobs.verify.steps.map(({ run }) => run),
    ...template.steps.flatMap(({ bash, inputs }) => [bash, inputs?.inlineScript as string | undefined]),
  ].filter((script) => script !== undefined);
  for (const script of scripts) {
    expect(shellcheck(`#!/bin/bash\nset -eo pipefail\n${script}`)).toBe('');
  }
});
