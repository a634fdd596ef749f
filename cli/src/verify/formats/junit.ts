import { grouped } from '../../grouped';
import { sentenceOf, type Result, type Verification } from '../model';

/** JUnit's XML, as GitHub's and Azure DevOps' test reports read it: a suite for an application, a case for a check. */
export function junit({ results, failed, skipped }: Verification): string {
  const suites = grouped(results, ({ application }) => application);
  const body = [...suites].map(([name, cases]) => {
    const count = (ok: boolean | null): number => cases.filter((result) => result.ok === ok).length;
    return [
      `  <testsuite name="${escaped(name)}" tests="${cases.length}" failures="${count(false)}" errors="0" skipped="${count(null)}">`,
      ...cases.map(testCase),
      '  </testsuite>',
    ].join('\n');
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="apim-oauth verify" tests="${results.length}" failures="${failed}" errors="0" skipped="${skipped}">`,
    ...body,
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(result: Result): string {
  const { application, product, check, ok, expected, actual } = result;
  const head = `    <testcase classname="${escaped(application)}" name="${escaped(`${product}: ${check}`)}"`;
  const sentence = sentenceOf(result) ?? '';
  if (ok === false) {
    const text = `expected ${expected}, came back ${actual}\n${sentence}`;
    return `${head}>\n      <failure message="${escaped(sentence)}" type="${check}">${escaped(text)}</failure>\n    </testcase>`;
  }
  return ok === null ? `${head}>\n      <skipped message="${escaped(sentence)}"/>\n    </testcase>` : `${head}/>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };

/** Without what XML 1.0 has no place for: control characters and halves of surrogate pairs. */
function escaped(text: string): string {
  return text
    .replace(/[<>&"]/g, (character) => ENTITIES[character] ?? '')
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD');
}
