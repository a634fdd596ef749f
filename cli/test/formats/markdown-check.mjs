// Parses reviews (a JSON list on standard input) as GitHub's dialect and tells what is in them.
import { readFileSync } from 'node:fs';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const processor = unified().use(remarkParse).use(remarkGfm);
const found = { unevenTables: [], links: [], textWithMentions: [], unexpectedHtml: [], codes: [] };
// the marker, the folding of the graph, the small print, and names as code
const EXPECTED_HTML =
  /^(?:<!-- apim-oauth-review-[0-9a-f]{16} -->|<details><summary>Access graph<\/summary>|<\/details>|<\/?sub>|<sub>apim-oauth [^<]*<\/sub>|<\/?code>)$/;

for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  visit(processor.parse(text), false);
}
process.stdout.write(JSON.stringify(found));

function visit(node, inCode) {
  if (node.type === 'table') {
    const [head, ...rows] = node.children;
    rows
      .filter((row) => row.children.length !== head.children.length)
      .forEach((row) => found.unevenTables.push(JSON.stringify(row)));
  }
  if (['link', 'image', 'linkReference', 'imageReference', 'definition', 'footnoteReference'].includes(node.type)) {
    found.links.push(JSON.stringify(node));
  }
  if (node.type === 'inlineCode') {
    found.codes.push(node.value);
  }
  if (node.type === 'html' && !node.value.split('\n').every((line) => EXPECTED_HTML.test(line))) {
    found.unexpectedHtml.push(node.value);
  }
  let code = inCode;
  let html = '';
  for (const child of node.children ?? []) {
    if (child.type === 'html' && child.value === '<code>') {
      [code, html] = [true, ''];
    } else if (child.type === 'html' && child.value === '</code>') {
      found.codes.push(html);
      code = inCode;
    } else if (code && child.type === 'text') {
      html += child.value;
    } else if (child.type === 'text' && /@[\w-]|#\d|https?:/.test(child.value)) {
      found.textWithMentions.push(child.value);
    }
    visit(child, code);
  }
}
