import type { Declared, ManifestApplication, ManifestProduct } from '../manifest/manifest';

export const CHECKS = [
  'granted',
  'no-token',
  'garbled-token',
  'forged-token',
  'other-product',
  'not-granted',
  'subscription-key',
] as const;

export type CheckName = (typeof CHECKS)[number];

/** A check to make: one application on one product. */
export interface Check {
  readonly application: ManifestApplication;
  readonly product: ManifestProduct;
  readonly name: CheckName;
}

/** What came of a check. `ok` is null where it was not made: then the reason says why. */
export interface Outcome {
  readonly ok: boolean | null;
  readonly actual: string;
  readonly reason?: Reason;
}

/** One chain from what came back to what to do. */
export interface Reason {
  /** What came back, as a clause. */
  readonly cameBack?: string;
  /** What is missing or wrong, as a clause. */
  readonly because: string;
  readonly remedy?: string;
  /** A code of Entra, such as 7000222. */
  readonly aadsts?: number;
}

export interface Result {
  readonly application: string;
  readonly product: string;
  readonly check: CheckName;
  readonly ok: boolean | null;
  readonly expected: string;
  readonly actual: string;
  readonly reason?: Reason;
  /** Constructs of product and application, and their lines. */
  readonly declaredAt: readonly Declared[];
  readonly manifest: string;
}

export interface Verification {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly results: readonly Result[];
  readonly requests: number;
}

export const EXPECTED: Readonly<Record<CheckName, string>> = {
  granted: 'not 401 or 403',
  'no-token': '401 or 403',
  'garbled-token': '401 or 403',
  'forged-token': '401 or 403',
  'other-product': '401 or 403',
  'not-granted': 'no token, or 401 or 403',
  'subscription-key': '401 or 403',
};

/** The chain as one sentence. */
export function sentenceOf({
  reason,
  declaredAt,
  ok,
}: Pick<Result, 'reason' | 'declaredAt' | 'ok'>): string | undefined {
  if (reason === undefined) {
    return undefined;
  }
  const declared = ok === false ? declaredClause(declaredAt) : undefined;
  return [
    reason.cameBack === undefined ? reason.because : `${reason.cameBack}: ${reason.because}`,
    ...(declared === undefined ? [] : [`declared at ${declared}`]),
    ...(reason.remedy === undefined ? [] : [reason.remedy]),
  ].join('; ');
}

/** `contoso/starter (main.ts:31) and contoso/partner (main.ts:44)`. */
export function declaredClause(declaredAt: readonly Declared[]): string | undefined {
  const places = declaredAt.flatMap(({ constructPath, source }) => {
    if (constructPath === undefined) {
      return source === undefined ? [] : [source];
    }
    return [source === undefined ? constructPath : `${constructPath} (${source})`];
  });
  return places.length === 0 ? undefined : places.join(' and ');
}
