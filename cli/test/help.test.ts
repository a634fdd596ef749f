import { readFileSync } from 'node:fs';
import { run } from '../src/cli';
import { COMMANDS } from '../src/commands/registry';

async function helpOf(name: string): Promise<string> {
  let help = '';
  const write = (text: string): void => {
    help += text;
  };
  expect(await run([name, '--help'], { stdout: write, stderr: write, environment: {} })).toBe(0);
  return help;
}

const documented = COMMANDS.map(({ name }) => name).filter((name) =>
  ['token', 'verify', 'assumptions', 'graph', 'inventory', 'adopt'].includes(name),
);

test.each(documented)('every option of %s is on its page', async (name) => {
  const page = readFileSync(`docs/${name}.md`, 'utf8');
  const options = [...(await helpOf(name)).matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option ?? '');
  expect(options.length).toBeGreaterThan(2);
  expect(options.filter((option) => option !== '--help' && !page.includes(option))).toEqual([]);
});

test.each(COMMANDS.map(({ name }) => name))('the help of %s holds no secret and fits a terminal', async (name) => {
  const help = await helpOf(name);
  expect(help).toMatch(/^usage: apim-oauth /);
  expect(help.split('\n').filter((line) => line.length > 100 && !line.includes('apim-oauth '))).toEqual([]);
});
