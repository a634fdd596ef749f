import { parse } from 'yaml';
import { blocks, parsedByGitHub, read, shellcheck } from './files';

const text = read('action/action.yml');
const documentation = read('docs/github-action.md');
const action = parse(text) as {
  inputs: Record<string, { description: string; default?: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { steps: { name: string; uses?: string; run?: string; shell?: string; if?: string }[] };
};
const { steps } = action.runs;
const SCRIPTS = ['plan', 'base', 'self-test', 'review', 'publish'].map((name) => `action/${name}.sh`);

test('the action and every workflow of its documentation parse with GitHub’s own parser', () => {
  const workflows = blocks(documentation, 'yaml').map((content, index) => ({
    kind: 'workflow' as const,
    name: `example-${index}.yml`,
    content,
  }));
  expect(workflows.length).toBeGreaterThanOrEqual(3);
  expect(parsedByGitHub([{ kind: 'action', name: 'action.yml', content: text }, ...workflows])).toEqual([]);
}, 60_000);

test('GitHub’s parser would notice a mistake', () => {
  const [first = ''] = parsedByGitHub([
    { kind: 'action', name: 'action.yml', content: text.replace('using: composite', 'using: composit') },
  ]);
  expect(first).toMatch(/action\.yml/);
}, 60_000);

test('every action that is used is pinned to a commit, with its version beside it', () => {
  const used = text.split('\n').filter((line) => /^\s*uses:/.test(line));
  expect(used).toHaveLength(4);
  expect(used.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
});

test('nothing is interpolated into a script: values come as variables', () => {
  expect(steps.filter(({ run }) => run?.includes('${{')).map(({ name }) => name)).toEqual([]);
  expect(steps.filter(({ run, shell }) => run !== undefined && shell !== 'bash')).toEqual([]);
});

test.each(Object.keys(action.inputs))('input %s is used and documented', (input) => {
  expect(text).toMatch(new RegExp(`inputs\\.${input}\\b(?!-)`));
  expect(documentation).toContain(`| \`${input}\` |`);
});

test.each(Object.keys(action.outputs))('output %s is documented', (output) => {
  expect(documentation).toContain(`| \`${output}\` |`);
});

test('the documentation tells the defaults', () => {
  for (const [input, { default: value = '' }] of Object.entries(action.inputs)) {
    const [, , , told = ''] = (
      documentation.split('\n').find((line) => line.startsWith(`| \`${input}\` |`)) ?? ''
    ).split('|');
    expect([input, told.trim()]).toEqual([input, value === '' ? '' : `\`${value}\``]);
  }
});

test('the documentation tells every permission', () => {
  for (const permission of ['contents: read', 'id-token: write', 'pull-requests: write']) {
    expect(documentation).toContain(permission);
  }
});

test('it takes the version of the package that it lies beside', () => {
  const { version } = JSON.parse(read('cli/package.json')) as { version: string };
  expect(action.inputs.version?.default).toBe(version);
});

test('plans are removed whatever happens, and Terraform is not wrapped', () => {
  expect(steps.find(({ name }) => name === 'Remove the plans')?.if).toBe('always()');
  expect(text).toContain("terraform_wrapper: 'false'");
});

test('shellcheck finds nothing in the scripts', () => {
  // the way GitHub starts `shell: bash`
  const inline = steps.flatMap(({ run }) => (run === undefined ? [] : [`#!/bin/bash\nset -eo pipefail\n${run}`]));
  for (const script of [...SCRIPTS.map(read), ...inline]) {
    expect(shellcheck(script)).toBe('');
  }
});
