import pLimit, { type LimitFunction } from 'p-limit';
import { AzureFailure } from '../azure/failure';
import { explained } from '../entra/aadsts';
import {
  CredentialUnavailable,
  declaredProof,
  givenProof,
  isGiven,
  type CredentialContext,
  type GivenCredential,
} from '../entra/credential';
import {
  clockClause,
  isRefusal,
  requestToken,
  rolesOf,
  type AccessToken,
  type Proof,
  type TokenRefusal,
} from '../entra/token';
import { urlOf, type ManifestApplication, type ManifestProduct } from '../manifest/manifest';
import { clean } from '../message';
import { cameBack, noToken, notRefused, refusedToken } from './explain';
import { forgedTokens, GARBLED } from './forged';
import { callGateway, isAnswer, isRefused, type GatewayCall } from './gateway';
import { EXPECTED, type Check, type CheckName, type Outcome, type Reason, type Result } from './model';

export interface VerifierOptions {
  readonly credential: GivenCredential;
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** How long a failing check is tried again. */
  readonly waitMs: number;
  readonly subscriptionKey?: string;
  readonly told: (done: number, all: number) => void;
}

/** What asking for a token came to; `lacking` is a finding, `unavailable` is not. */
type TokenOutcome =
  AccessToken | { readonly refusal: TokenRefusal } | { readonly unavailable: string } | { readonly lacking: string };

interface Asked {
  readonly at: number;
  readonly outcome: Promise<TokenOutcome>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const NO_PATH: Reason = {
  because: 'the product has no path, so the gateway was not tried',
  remedy: 'give the product a tryPath and apply',
};
const SAME_ADDRESS: Reason = {
  because: 'the application has a product at the same address, which rightly accepts the token',
  remedy: 'if each product has its own API, give the product a tryPath there and apply',
};

/** Makes checks. A token is asked for once, and so is what depends on the product alone. */
export class Verifier {
  private readonly limit: LimitFunction;
  private readonly tokens = new Map<string, Asked>();
  private readonly proofs = new Map<ManifestApplication, { readonly at: number; readonly proof: Promise<Proof> }>();
  private readonly shared = new Map<string, { readonly at: number; readonly call: Promise<GatewayCall> }>();

  constructor(
    private readonly context: CredentialContext,
    private readonly options: VerifierOptions,
  ) {
    this.limit = pLimit(options.concurrency);
  }

  async verify(checks: readonly Check[]): Promise<readonly Result[]> {
    const deadline = Date.now() + this.options.waitMs;
    let done = 0;
    return Promise.all(
      checks.map(async (check) => {
        const outcome = await this.settled(check, deadline);
        done += 1;
        this.options.told(done, checks.length);
        return resultOf(check, outcome);
      }),
    );
  }

  /** Tries again while it fails and there is time. */
  private async settled(check: Check, deadline: number): Promise<Outcome> {
    let since = 0;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const outcome = await this.outcomeOf(check, since);
      const left = deadline - Date.now();
      if (outcome.ok !== false || left <= 0) {
        return outcome;
      }
      await this.context.http.pause(Math.min(pause, left));
      since = Date.now();
    }
  }

  private outcomeOf(check: Check, since: number): Promise<Outcome> {
    const { product } = check;
    switch (check.name) {
      case 'granted':
        return this.granted(check, since);
      case 'no-token':
        return this.refusedWith(product, check.name, {}, since);
      case 'garbled-token':
        return this.refusedWith(product, check.name, { authorization: `Bearer ${GARBLED}` }, since);
      case 'forged-token':
        return this.forged(check, since);
      case 'other-product':
        return this.otherProduct(check, since);
      case 'not-granted':
        return this.notGranted(check, since);
      case 'subscription-key':
        return this.subscriptionKey(product, since);
    }
  }

  private async granted({ application, product }: Check, since: number): Promise<Outcome> {
    const token = await this.token(application, product, since);
    if (!isToken(token)) {
      return this.withoutToken(token, application);
    }
    const roles = rolesOf(token.claims);
    const url = urlOf(product);
    if (url === undefined) {
      const isRight = product.appRoleValue === undefined ? roles.length > 0 : roles.includes(product.appRoleValue);
      return {
        ok: isRight,
        actual: roles.length === 0 ? 'a token without a role' : `a token with role ${roles.map(clean).join(', ')}`,
        reason: isRight
          ? NO_PATH
          : {
              because:
                'the token lacks the role of the product: the role assignment is missing, or Entra has not replicated it yet',
              remedy: 'grant the product to the application and apply; after an apply give --wait 300',
            },
      };
    }
    const call = await this.call(url, bearer(token.token));
    if (!isAnswer(call)) {
      return { ok: false, actual: 'no answer', reason: { because: call.sentence } };
    }
    if (isRefused(call)) {
      const clock = this.context.http.clockAheadOf(new URL(url).host);
      return { ok: false, actual: String(call.status), reason: refusedToken(call, token, product, clock) };
    }
    return { ok: true, actual: String(call.status), ...noteOf(call, roles) };
  }

  private async forged({ application, product }: Check, since: number): Promise<Outcome> {
    const url = urlOf(product);
    if (url === undefined) {
      return skipped(NO_PATH);
    }
    const token = await this.token(application, product, since);
    if (!isToken(token)) {
      return skipped({ because: 'there is no token whose claims could be forged' });
    }
    const statuses = new Set<number>();
    for (const { how, token: forged } of await forgedTokens(token)) {
      const call = await this.call(url, bearer(forged));
      if (!isAnswer(call)) {
        return skipped({ because: call.sentence });
      }
      if (!isRefused(call)) {
        return { ok: false, actual: String(call.status), reason: notRefused(call, 'forged-token', how) };
      }
      statuses.add(call.status);
    }
    return { ok: true, actual: [...statuses].join(' and ') };
  }

  private async otherProduct({ application, product }: Check, since: number): Promise<Outcome> {
    const url = urlOf(product);
    if (url === undefined) {
      return skipped(NO_PATH);
    }
    const others = application.products.filter(({ scope }) => scope !== product.scope);
    const telling = others.filter(({ scope }) => !isLetInAlso(application, scope, url));
    for (const other of telling) {
      const token = await this.token(application, other, since);
      if (isToken(token)) {
        return judged(await this.call(url, bearer(token.token)), 'other-product');
      }
    }
    if (others.length > 0 && telling.length === 0) {
      return skipped(SAME_ADDRESS);
    }
    return skipped({
      because: others.length === 0 ? 'the application has no other product' : 'there is no token for another product',
    });
  }

  private async notGranted({ application, product }: Check, since: number): Promise<Outcome> {
    const url = urlOf(product);
    if (url !== undefined && isLetInAlso(application, product.scope, url)) {
      return skipped(SAME_ADDRESS);
    }
    const token = await this.token(application, product, since);
    if ('refusal' in token) {
      const { code } = token.refusal;
      const actual = code === undefined ? `no token (${token.refusal.error})` : `no token (AADSTS${code})`;
      return code !== undefined && explained(code)?.denies === true
        ? { ok: true, actual }
        : {
            ok: null,
            actual,
            reason: { ...noToken(token.refusal, undefined), because: 'it says nothing about the grant' },
          };
    }
    if (!isToken(token)) {
      return skipped({ because: 'unavailable' in token ? token.unavailable : token.lacking });
    }
    if (url !== undefined) {
      return judged(await this.call(url, bearer(token.token)), 'not-granted');
    }
    const roles = rolesOf(token.claims);
    return roles.length === 0
      ? skipped(NO_PATH)
      : {
          ok: false,
          actual: `a token with role ${roles.map(clean).join(', ')}`,
          reason: {
            because: 'Entra gives it a role of a product that it was not granted',
            remedy: 'look for a role assignment outside of this stack',
          },
        };
  }

  private async subscriptionKey(product: ManifestProduct, since: number): Promise<Outcome> {
    if (product.acceptsSubscriptionKey === true) {
      return skipped({ because: 'the product is declared to accept keys' });
    }
    const key = this.options.subscriptionKey ?? '';
    const outcome = await this.refusedWith(product, 'subscription-key', { 'ocp-apim-subscription-key': key }, since);
    return product.acceptsSubscriptionKey === undefined && outcome.ok === false
      ? {
          ok: null,
          actual: outcome.actual,
          reason: {
            because: 'the gateway accepted the key, and the manifest does not say whether the product refuses keys',
            remedy: 'apply the stack with the current version of cdktf-apim-oauth',
          },
        }
      : outcome;
  }

  /** What does not depend on the application is asked once for a product. */
  private async refusedWith(
    product: ManifestProduct,
    check: Exclude<CheckName, 'granted'>,
    headers: Readonly<Record<string, string>>,
    since: number,
  ): Promise<Outcome> {
    const url = urlOf(product);
    if (url === undefined) {
      return skipped(NO_PATH);
    }
    const key = `${check} ${url}`;
    let known = this.shared.get(key);
    if (known === undefined || known.at < since) {
      known = { at: Date.now(), call: this.call(url, headers) };
      this.shared.set(key, known);
    }
    return judged(await known.call, check);
  }

  private call(url: string, headers: Readonly<Record<string, string>>): Promise<GatewayCall> {
    const { context, options } = this;
    return this.limit(() => callGateway(context.http, url, headers, options.timeoutMs));
  }

  private token(application: ManifestApplication, product: ManifestProduct, since: number): Promise<TokenOutcome> {
    const key = `${application.tokenEndpoint} ${application.clientId} ${product.scope}`;
    const known = this.tokens.get(key);
    if (known !== undefined && known.at >= since) {
      return known.outcome;
    }
    const outcome = this.ask(application, product, since);
    this.tokens.set(key, { at: Date.now(), outcome });
    return outcome;
  }

  private async ask(
    application: ManifestApplication,
    { scope }: ManifestProduct,
    since: number,
  ): Promise<TokenOutcome> {
    const { tokenEndpoint, clientId } = application;
    try {
      const proof = await this.proof(application, since);
      const answer = await this.limit(() => requestToken(this.context.http, { tokenEndpoint, clientId, scope, proof }));
      return isRefusal(answer) ? { refusal: answer } : answer;
    } catch (error) {
      if (error instanceof CredentialUnavailable || (error instanceof AzureFailure && error.kind === 'forbidden')) {
        return { unavailable: error.sentence };
      }
      if (error instanceof AzureFailure && error.kind === 'missing') {
        return { lacking: error.sentence };
      }
      throw error;
    }
  }

  private proof(application: ManifestApplication, since: number): Promise<Proof> {
    const known = this.proofs.get(application);
    if (known !== undefined && known.at >= since) {
      return known.proof;
    }
    const { credential } = this.options;
    const proof = this.limit(() =>
      isGiven(credential)
        ? givenProof(credential, application, this.context)
        : declaredProof(application.credentials, application, this.context),
    );
    this.proofs.set(application, { at: Date.now(), proof });
    return proof;
  }

  private withoutToken(outcome: Exclude<TokenOutcome, AccessToken>, { tokenEndpoint }: ManifestApplication): Outcome {
    if ('unavailable' in outcome) {
      return skipped({ because: outcome.unavailable });
    }
    if ('lacking' in outcome) {
      return {
        ok: false,
        actual: 'no credential',
        reason: {
          because: `the credential is not where the manifest says: ${outcome.lacking}`,
          remedy: 'apply the stack that stores it',
        },
      };
    }
    const { refusal } = outcome;
    const host = new URL(tokenEndpoint).host;
    return {
      ok: false,
      actual: refusal.code === undefined ? `no token (${refusal.error})` : `no token (AADSTS${refusal.code})`,
      reason: noToken(refusal, clockClause(this.context.http.clockAheadOf(host), host)),
    };
  }
}

/** Whether a token of the scope opens the address by a product that the application was granted. */
function isLetInAlso({ products }: ManifestApplication, scope: string, url: string): boolean {
  return products.some((product) => {
    const served = urlOf(product);
    return product.scope === scope && served !== undefined && new URL(served).href === new URL(url).href;
  });
}

function isToken(outcome: TokenOutcome): outcome is AccessToken {
  return 'token' in outcome;
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

function skipped(reason: Reason): Outcome {
  return { ok: null, actual: 'not tried', reason };
}

function judged(call: GatewayCall, check: Exclude<CheckName, 'granted'>): Outcome {
  if (!isAnswer(call)) {
    return { ok: null, actual: 'no answer', reason: { because: call.sentence } };
  }
  return isRefused(call)
    ? { ok: true, actual: String(call.status) }
    : { ok: false, actual: String(call.status), reason: notRefused(call, check) };
}

/** What is worth knowing of a call that was let in. */
function noteOf(call: Parameters<typeof cameBack>[0], roles: readonly string[]): { reason?: Reason } {
  if (call.status === 404) {
    return {
      reason: {
        because: 'there may be no operation at the path: the gateway answered 404',
        remedy: 'check the tryPath',
      },
    };
  }
  if (call.isPage) {
    return { reason: { because: 'the answer is a web page: it may come from something other than API Management' } };
  }
  return roles.length === 0 ? { reason: { because: 'the token has no role, but the gateway accepted it' } } : {};
}

function resultOf({ application, product, name }: Check, outcome: Outcome): Result {
  return {
    application: application.name,
    product: product.id,
    check: name,
    ok: outcome.ok,
    expected: EXPECTED[name],
    actual: outcome.actual,
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    declaredAt: [product, application].map(({ constructPath, source }) => ({
      ...(constructPath === undefined ? {} : { constructPath }),
      ...(source === undefined ? {} : { source }),
    })),
    manifest: application.file,
  };
}
