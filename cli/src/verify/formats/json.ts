import { sentenceOf, type Verification } from '../model';

/** By schema/verify-1.schema.json. */
export function json({ passed, failed, skipped, results }: Verification): string {
  const manifests = new Set(results.map(({ manifest }) => manifest));
  const checks = results.map((result) => {
    const { application, product, check, ok, expected, actual, reason, declaredAt, manifest } = result;
    const sentence = sentenceOf(result);
    const declared = declaredAt.filter(
      ({ constructPath, source }) => constructPath !== undefined || source !== undefined,
    );
    return {
      application,
      product,
      check,
      ok,
      expected,
      actual,
      ...(sentence === undefined ? {} : { reason: sentence }),
      ...(reason?.aadsts === undefined ? {} : { aadsts: reason.aadsts }),
      ...(ok === false && declared.length > 0 ? { declaredAt: declared } : {}),
      ...(manifests.size > 1 ? { manifest } : {}),
    };
  });
  return `${JSON.stringify({ version: 1, passed, failed, skipped, checks }, undefined, 2)}\n`;
}
