import { answer, Answer } from '../http';
import { evaluate, textOf as textOfValue } from './evaluate';
import { ExpressionError, parseExpression } from './expression';
import { fragmentOf } from './policies';
import { elementsIn, PolicyElement, textOf } from './policy-document';
import { RequestContext } from './request-context';
import { validateAzureAdToken, validateJwt } from './validate-token';

/** A policy ended the request with an answer. */
export class PolicyAnswer extends Error {
  public constructor(public readonly answer: Answer) {
    super(`answered ${answer.status}`);
  }
}

/** A policy could not be run: unknown here, or wrong. The gateway answers 500, as Azure's does. */
export class PolicyError extends Error {}

type Policy = (context: RequestContext, element: PolicyElement) => void;

export function runPolicies(context: RequestContext, elements: readonly PolicyElement[]): void {
  for (const element of elements) {
    const run = POLICIES[element.name];
    if (run === undefined) {
      throw new PolicyError(`the policy '${element.name}' is not run here`);
    }
    try {
      run(context, element);
    } catch (error) {
      if (error instanceof ExpressionError) {
        throw new PolicyError(`${element.name}: ${error.message}`);
      }
      throw error;
    }
  }
}

/** A value that may be an expression. */
export function valueOf(context: RequestContext, source: string): unknown {
  return source.startsWith('@(') || source.startsWith('@{')
    ? evaluate(parseExpression(source), context.object)
    : source;
}

export function attribute(context: RequestContext, element: PolicyElement, name: string): string | undefined {
  const source = element.attributes[name];
  return source === undefined ? undefined : textOfValue(valueOf(context, source));
}

function required(context: RequestContext, element: PolicyElement, name: string): string {
  const value = attribute(context, element, name);
  if (value === undefined) {
    throw new PolicyError(`${element.name}: the attribute '${name}' is missing`);
  }
  return value;
}

export function refuse(status: number, message: string, headers: { readonly [name: string]: string } = {}): never {
  throw new PolicyAnswer(answer(status, { statusCode: status, message }, headers));
}

const choose: Policy = (context, element) => {
  for (const branch of elementsIn(element)) {
    if (branch.name === 'otherwise') {
      runPolicies(context, elementsIn(branch));
      return;
    }
    const met = valueOf(context, branch.attributes.condition ?? '');
    if (met === true || met === 'true') {
      runPolicies(context, elementsIn(branch));
      return;
    }
  }
};

const returnResponse: Policy = (context, element) => {
  const status = elementsIn(element, 'set-status')[0];
  const body = elementsIn(element, 'set-body')[0];
  const headers = elementsIn(element, 'set-header').map((header) => {
    const values = elementsIn(header, 'value').map((value) => textOfValue(valueOf(context, textOf(value))));
    return [required(context, header, 'name'), values.join(', ')] as const;
  });
  throw new PolicyAnswer(
    answer(
      Number(status === undefined ? 200 : required(context, status, 'code')),
      body === undefined ? undefined : textOfValue(valueOf(context, textOf(body))),
      Object.fromEntries(headers),
    ),
  );
};

const rateLimitByKey: Policy = (context, element) => {
  const calls = Number(required(context, element, 'calls'));
  const period = Number(required(context, element, 'renewal-period'));
  const key = required(context, element, 'counter-key');
  const wait = context.cloud.counters.use('rate', key, calls, period);
  if (wait !== undefined) {
    refuse(429, `Rate limit is exceeded. Try again in ${wait} seconds.`, { 'Retry-After': String(wait) });
  }
};

const quotaByKey: Policy = (context, element) => {
  const calls = attribute(context, element, 'calls');
  const period = Number(required(context, element, 'renewal-period'));
  const key = required(context, element, 'counter-key');
  const wait = calls === undefined ? undefined : context.cloud.counters.use('quota', key, Number(calls), period);
  if (wait !== undefined) {
    const left = new Date(wait * 1000).toISOString().slice(11, 19);
    refuse(403, `Out of call volume quota. Quota will be replenished in ${left}.`, { 'Retry-After': String(wait) });
  }
};

/** Limits by subscription; without one they do not apply. */
const bySubscription =
  (kind: 'rate' | 'quota'): Policy =>
  (context, element) => {
    const { subscription } = context.admitted;
    if (subscription === undefined || element.attributes.calls === undefined) {
      return;
    }
    const period = Number(required(context, element, 'renewal-period'));
    const wait = context.cloud.counters.use(
      kind,
      `subscription ${subscription.id}`,
      Number(element.attributes.calls),
      period,
    );
    if (wait !== undefined) {
      refuse(kind === 'rate' ? 429 : 403, `Limit is exceeded. Try again in ${wait} seconds.`, {
        'Retry-After': String(wait),
      });
    }
  };

const setHeader =
  (headers: (context: RequestContext) => Map<string, string>): Policy =>
  (context, element) => {
    const name = required(context, element, 'name').toLowerCase();
    const action = attribute(context, element, 'exists-action') ?? 'override';
    const values = elementsIn(element, 'value').map((value) => textOfValue(valueOf(context, textOf(value))));
    const target = headers(context);
    if (action === 'delete') {
      target.delete(name);
    } else if (action !== 'skip' || !target.has(name)) {
      target.set(name, [...(action === 'append' && target.has(name) ? [target.get(name)!] : []), ...values].join(', '));
    }
  };

const checkHeader: Policy = (context, element) => {
  const name = required(context, element, 'name').toLowerCase();
  const allowed = elementsIn(element, 'value').map((value) => textOfValue(valueOf(context, textOf(value))));
  const actual = context.headers.get(name);
  if (actual === undefined || (allowed.length > 0 && !allowed.includes(actual))) {
    refuse(
      Number(required(context, element, 'failed-check-httpcode')),
      required(context, element, 'failed-check-error-message'),
    );
  }
};

const ipFilter: Policy = (context, element) => {
  const addresses = elementsIn(element, 'address').map(textOf);
  const known = addresses.includes('127.0.0.1');
  if ((attribute(context, element, 'action') === 'allow') !== known) {
    refuse(403, 'Forbidden');
  }
};

/** A browser's preflight request is answered before anything else; other requests go on. */
const cors: Policy = (context, element) => {
  const { call, headers } = context;
  const origin = headers.get('origin');
  if (call.method !== 'OPTIONS' || origin === undefined || !headers.has('access-control-request-method')) {
    return;
  }
  const origins = elementsIn(elementsIn(element, 'allowed-origins')[0], 'origin').map(textOf);
  throw new PolicyAnswer(
    answer(
      200,
      undefined,
      origins.includes('*') || origins.includes(origin) ? { 'Access-Control-Allow-Origin': origin } : {},
    ),
  );
};

const includeFragment: Policy = (context, element) => {
  const id = required(context, element, 'fragment-id');
  const elements = fragmentOf(context.cloud, context.admitted.service, id);
  if (elements === undefined) {
    throw new PolicyError(`the policy fragment '${id}' does not exist`);
  }
  runPolicies(context, elements);
};

const children: Policy = (context, element) => runPolicies(context, elementsIn(element));
const without: Policy = () => undefined;

const POLICIES: { readonly [name: string]: Policy } = {
  choose,
  'return-response': returnResponse,
  'rate-limit-by-key': rateLimitByKey,
  'quota-by-key': quotaByKey,
  'rate-limit': bySubscription('rate'),
  quota: bySubscription('quota'),
  'set-header': setHeader(({ headers }) => headers),
  'set-variable': (context, element) =>
    void context.variables.set(required(context, element, 'name'), valueOf(context, element.attributes.value ?? '')),
  'check-header': checkHeader,
  'ip-filter': ipFilter,
  cors,
  'include-fragment': includeFragment,
  'validate-jwt': validateJwt,
  'validate-azure-ad-token': validateAzureAdToken,
  'limit-concurrency': children,
  retry: children,
  // Nothing of what these do shows here: there is no backend and no monitor.
  'forward-request': without,
  'set-backend-service': without,
  'rewrite-uri': without,
  'set-query-parameter': without,
  'set-method': without,
  'set-body': without,
  'authentication-managed-identity': without,
  'authentication-basic': without,
  trace: without,
  'emit-metric': without,
  'log-to-eventhub': without,
  'cache-lookup': without,
  'cache-store': without,
};

/** The same, for the way out. */
export const outboundHeader = setHeader(({ responseHeaders }) => responseHeaders);
