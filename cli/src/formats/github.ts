import { allFindings } from '../sections';
import type { Finding, Review, Severity } from '../model';
import { RULES, type RuleId } from '../rules';
import type { Format } from './format';
import { highlights } from './headline';
import { markdownFormat } from './markdown';

/** GitHub shows so many annotations of each level for one step, and drops the others without a word. */
const MOST_PER_LEVEL = 10;

/** Annotations as workflow commands, and the Markdown review as the job's summary. */
export const githubFormat: Format = {
  name: 'github',
  summary: 'annotations for GitHub Actions, and the job summary',
  render: annotations,
  append: { variable: 'GITHUB_STEP_SUMMARY', render: (review) => markdownFormat.render(review) },
};

type Level = 'error' | 'warning' | 'notice';

function annotations(review: Review): string {
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
  const all = allFindings(review).filter(({ acknowledgement }) => acknowledgement === undefined);
  const findings = order.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  const lines = (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const own = findings.filter(({ severity }) => levelOf(severity) === level);
    // the verdict is a notice too
    const most = level === 'notice' ? MOST_PER_LEVEL - 1 : MOST_PER_LEVEL;
    const shown = own.length > most ? own.slice(0, most - 1) : own;
    const rest = own.length - shown.length;
    return [
      ...shown.map((finding) => annotation(level, finding)),
      ...(rest > 0
        ? [command(level, { title: 'Access review' }, `${rest} more findings of this level are in the review`)]
        : []),
    ];
  });
  const verdict = command(
    'notice',
    { title: `Access review: ${review.verdict.label}` },
    highlights(review.verdict).join(', '),
  );
  return `${[verdict, ...lines].join('\n')}\n`;
}

function levelOf(severity: Severity): Level {
  return severity === 'critical' || severity === 'high' ? 'error' : severity === 'medium' ? 'warning' : 'notice';
}

function annotation(level: Level, { rule, message, location, stack, address }: Finding): string {
  const title = Object.hasOwn(RULES, rule) ? RULES[rule as RuleId].title : rule;
  return command(
    level,
    {
      file: location.file,
      line: String(location.line),
      ...(location.column === undefined ? {} : { col: String(location.column) }),
      title,
    },
    `${message} (${stack}: ${address})`,
  );
}

function command(level: Level, properties: Readonly<Record<string, string>>, message: string): string {
  const given = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${level} ${given.join(',')}::${escapeData(message)}`;
}

/** The same as GitHub's own toolkit does. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
