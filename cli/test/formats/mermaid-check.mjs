// Parses every Mermaid graph of a JSON list on standard input, as GitHub's renderer would.
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('');
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import('mermaid');

const failures = [];
for (const graph of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    await mermaid.parse(graph);
  } catch (error) {
    failures.push(`${error}\n${graph}`);
  }
}
process.stdout.write(JSON.stringify(failures));
