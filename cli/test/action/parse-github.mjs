// Parses actions and workflows with GitHub's own parser: a JSON list on standard input of
// { kind: 'action' | 'workflow', name, content }; prints a list of what is wrong.
import { readFileSync } from 'node:fs';
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index';
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

const problems = [];
for (const { kind, name, content } of JSON.parse(readFileSync(0, 'utf8'))) {
  const parse = kind === 'action' ? parseAction : parseWorkflow;
  const { context, value } = parse({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) {
    await (kind === 'action' ? convertActionTemplate(context, value) : convertWorkflowTemplate(context, value));
  }
  problems.push(...context.errors.getErrors().map(String));
}
process.stdout.write(JSON.stringify(problems));
