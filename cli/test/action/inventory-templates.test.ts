import { parse } from 'yaml';
import { blocks, parsedByGitHub, read, shellcheck } from './files';

const documentation = read('docs/inventory.md');
const workflowText = read('action/inventory.yml');
const workflow = parse(workflowText) as {
  on: { workflow_call: { inputs: Record<string, { type: string; default?: unknown; required?: boolean }> } };
  jobs: { inventory: { steps: { name?: string; run?: string; if?: string }[] } };
};
const template = parse(read('azure-pipelines/inventory.yml')) as {
  parameters: { name: string; type: string; default: unknown }[];
  steps: { bash?: string; task?: string; inputs?: Record<string, unknown> }[];
};
const { version } = JSON.parse(read('cli/package.json')) as { version: string };
const scripts = [
  ...workflow.jobs.inventory.steps.map(({ run }) => run),
  ...template.steps.flatMap(({ bash, inputs }) => [bash, inputs?.inlineScript as string | undefined]),
].filter((script) => script !== undefined);

test('the workflow and its caller in the documentation parse with GitHub’s own parser', () => {
  const callers = blocks(documentation, 'yaml').map((content) => ({
    kind: 'workflow' as const,
    name: 'caller.yml',
    content,
  }));
  expect(callers).toHaveLength(1);
  expect(parsedByGitHub([{ kind: 'workflow', name: 'inventory.yml', content: workflowText }, ...callers])).toEqual([]);
}, 60_000);

test('the caller gives what the workflow requires and nothing that it does not take, on a schedule', () => {
  const [caller] = blocks(documentation, 'yaml').map((content) => parse(content) as any);
  const { inputs } = workflow.on.workflow_call;
  const given = Object.keys(caller.jobs.inventory.with as object);
  expect(given.filter((name) => inputs[name] === undefined)).toEqual([]);
  expect(Object.keys(inputs).filter((name) => inputs[name]?.required === true && !given.includes(name))).toEqual([]);
  expect(caller.on.schedule).toHaveLength(1);
});

test('every action that is used is pinned to a commit, with its version beside it', () => {
  const used = workflowText.split('\n').filter((line) => /^\s*(- )?uses:/.test(line));
  expect(used).toHaveLength(3);
  expect(used.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('nothing is interpolated into a script, and the exit status of the tool is that of the job', () => {
  expect(scripts).toHaveLength(4);
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  const running = scripts.filter((script) => script.includes(' inventory --instance-id '));
  expect(running).toHaveLength(2);
  expect(
    running.filter((script) => !script.includes('|| status=$?') || !script.trimEnd().endsWith('exit "$status"')),
  ).toEqual([]);
});

test('both take the version of the package and the same days', () => {
  const { inputs } = workflow.on.workflow_call;
  const parameters = Object.fromEntries(template.parameters.map(({ name, default: value }) => [name, value]));
  expect([inputs.version?.default, parameters.version]).toEqual([version, version]);
  expect([inputs.expiring?.default, parameters.expiring]).toEqual([30, 30]);
});

test('shellcheck finds nothing in the scripts', () => {
  for (const script of scripts) {
    expect(shellcheck(`#!/bin/bash\nset -eo pipefail\n${script}`)).toBe('');
  }
});
