import type { Log, Region, ReportingDescriptor, Result } from 'sarif';
import { allFindings } from '../sections';
import type { Finding, Review, Severity } from '../model';
import { RULES, type Rule, type RuleId } from '../rules';
import type { Format } from './format';

/** SARIF 2.1.0 for code scanning; sorted by importance, since GitHub shows only the first results. */
export const sarifFormat: Format = {
  name: 'sarif',
  summary: 'SARIF 2.1.0, for code scanning',
  render: (review) => `${JSON.stringify(sarifLog(review), undefined, 2)}\n`,
};

const DOCUMENTATION = 'https://github.com/cdktf-apim-oauth/cdktf-apim-oauth/blob/main/docs/review.md';

function sarifLog(review: Review): Log {
  const order: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
  const all = allFindings(review);
  const findings = order.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  const ids = Object.keys(RULES) as RuleId[];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: review.tool.name,
            semanticVersion: review.tool.version,
            informationUri: DOCUMENTATION,
            rules: ids.map((id) => descriptor(RULES[id])),
          },
        },
        // one upload for each set of stacks: they do not replace each other's alerts
        automationDetails: { id: `${review.marker}/` },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, ids.indexOf(finding.rule as RuleId))),
        properties: { verdict: review.verdict.label },
      },
    ],
  };
}

function descriptor({ id, section, severity, title, why }: Rule): ReportingDescriptor {
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${title}. ${why}` },
    helpUri: `${DOCUMENTATION}#${section.replaceAll(' ', '-')}`,
    defaultConfiguration: { level: levelOf(severity) },
    properties: { tags: [...new Set(['security', 'access', section])], 'security-severity': SCORES[severity] },
  };
}

/** What GitHub ranks alerts by. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.0',
};

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  return severity === 'critical' || severity === 'high' ? 'error' : severity === 'medium' ? 'warning' : 'note';
}

function result(finding: Finding, ruleIndex: number): Result {
  const { id, rule, severity, kinds, stack, address, location, acknowledgement } = finding;
  const region: Region = {
    startLine: location.line,
    ...(location.column === undefined ? {} : { startColumn: location.column }),
  };
  return {
    ruleId: rule,
    ruleIndex,
    level: levelOf(severity),
    message: { text: messageText(finding.message) },
    locations: [
      {
        physicalLocation: { artifactLocation: artifact(location.file), region },
        logicalLocations: [
          { fullyQualifiedName: address, kind: 'resource' },
          ...(location.constructPath === undefined
            ? []
            : [{ fullyQualifiedName: location.constructPath, kind: 'construct' }]),
        ],
      },
    ],
    partialFingerprints: { 'finding/v1': id },
    ...(acknowledgement === undefined
      ? {}
      : {
          suppressions: [
            {
              kind: 'external' as const,
              status: 'accepted' as const,
              justification: `${acknowledgement.reason} (until ${acknowledgement.expires})`,
            },
          ],
        }),
    properties: { stack, severity, kinds: [...kinds] },
  };
}

/** `[text](target)` and `{0}` mean something in messages of SARIF: from a plan they must not. */
function messageText(message: string): string {
  return `${message.replaceAll('](', '] (').replaceAll('{', '{{').replaceAll('}', '}}')}.`;
}

/** A relative path as a reference of the repository; anything else as a URI of its own. */
function artifact(file: string): { uri: string; uriBaseId?: string } {
  if (file === '-') {
    return { uri: 'plan.json', uriBaseId: '%SRCROOT%' };
  }
  const path = file.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(file)) {
    return { uri: `file:///${file.slice(0, 2)}${path.slice(path.indexOf('/'))}` };
  }
  return file.startsWith('/')
    ? { uri: `file://${path}` }
    : { uri: path.replace(/^(?:\.\/)+/, ''), uriBaseId: '%SRCROOT%' };
}
