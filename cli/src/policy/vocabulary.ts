/** What an element of a policy is to access. */
export type Role =
  /** Lets a request pass only if it fulfils something. */
  | 'token'
  | 'certificate'
  | 'addresses'
  | 'header'
  | 'content'
  /** Lets a request pass only so often. */
  | 'limit'
  /** Ends the request with an answer of the gateway. */
  | 'answer'
  /** May end it with an answer that was made for an earlier request. */
  | 'cache'
  /** Which pages of other origins a browser lets read an answer. */
  | 'origins'
  | 'choose'
  /** Contains others, which run as if it were not there. */
  | 'around'
  /** Contains others, of which not all need to run. */
  | 'wait'
  | 'base'
  | 'fragment'
  /** Changes what the backend is sent or what is answered, not who gets that far. */
  | 'changes'
  /** Changes nothing that a check reads and nothing that is sent. */
  | 'observes'
  /** Changes which backend is reached, or whom it takes the caller for, or sends something elsewhere. */
  | 'reaches';

interface Word {
  readonly role: Role;
  /** For a reviewer: what it does, after "it". */
  readonly does?: string;
}

const TO_BACKEND = 'changes what the backend is sent';
const ELSEWHERE = 'sends something elsewhere';
const IDENTITY = 'changes which identity the backend sees';
const BACKEND = 'changes which backend is reached';
const SCHEMA = 'checks messages against a schema';

/** The elements of policies that this version knows. What is not here is not understood, and never harmless. */
const WORDS: Readonly<Record<string, Word>> = {
  'validate-azure-ad-token': { role: 'token' },
  'validate-jwt': { role: 'token' },
  'validate-client-certificate': { role: 'certificate' },
  'ip-filter': { role: 'addresses' },
  'check-header': { role: 'header' },
  'validate-content': { role: 'content', does: SCHEMA },
  'validate-parameters': { role: 'content', does: SCHEMA },
  'validate-headers': { role: 'content', does: SCHEMA },
  'validate-status-code': { role: 'content', does: SCHEMA },
  'validate-graphql-request': { role: 'content', does: SCHEMA },
  'validate-odata-request': { role: 'content', does: SCHEMA },
  'llm-content-safety': { role: 'content', does: 'checks prompts' },
  'rate-limit': { role: 'limit' },
  'rate-limit-by-key': { role: 'limit' },
  quota: { role: 'limit' },
  'quota-by-key': { role: 'limit' },
  'azure-openai-token-limit': { role: 'limit' },
  'llm-token-limit': { role: 'limit' },
  'return-response': { role: 'answer' },
  'mock-response': { role: 'answer' },
  'cache-lookup': { role: 'cache' },
  'azure-openai-semantic-cache-lookup': { role: 'cache' },
  'llm-semantic-cache-lookup': { role: 'cache' },
  cors: { role: 'origins' },
  'cross-domain': { role: 'origins' },
  jsonp: { role: 'origins' },
  choose: { role: 'choose' },
  retry: { role: 'around' },
  'limit-concurrency': { role: 'around' },
  wait: { role: 'wait' },
  base: { role: 'base' },
  'include-fragment': { role: 'fragment' },
  'set-variable': { role: 'observes' },
  trace: { role: 'observes' },
  'emit-metric': { role: 'observes' },
  'log-to-eventhub': { role: 'observes' },
  'azure-openai-emit-token-metric': { role: 'observes' },
  'llm-emit-token-metric': { role: 'observes' },
  'cache-lookup-value': { role: 'observes' },
  'cache-store-value': { role: 'observes' },
  'cache-remove-value': { role: 'observes' },
  'set-header': { role: 'changes', does: TO_BACKEND },
  'set-query-parameter': { role: 'changes', does: TO_BACKEND },
  'set-body': { role: 'changes', does: TO_BACKEND },
  'set-status': { role: 'changes' },
  'find-and-replace': { role: 'changes', does: TO_BACKEND },
  'json-to-xml': { role: 'changes', does: TO_BACKEND },
  'xml-to-json': { role: 'changes', does: TO_BACKEND },
  'xsl-transform': { role: 'changes', does: TO_BACKEND },
  'redirect-content-urls': { role: 'changes' },
  'forward-request': { role: 'changes' },
  'cache-store': { role: 'reaches', does: 'keeps answers for later requests' },
  'azure-openai-semantic-cache-store': { role: 'reaches', does: 'keeps answers for later requests' },
  'llm-semantic-cache-store': { role: 'reaches', does: 'keeps answers for later requests' },
  'set-method': { role: 'reaches', does: BACKEND },
  'rewrite-uri': { role: 'reaches', does: BACKEND },
  'set-backend-service': { role: 'reaches', does: BACKEND },
  'set-backend-service-dapr': { role: 'reaches', does: BACKEND },
  proxy: { role: 'reaches', does: BACKEND },
  'authentication-basic': { role: 'reaches', does: IDENTITY },
  'authentication-certificate': { role: 'reaches', does: IDENTITY },
  'authentication-managed-identity': { role: 'reaches', does: IDENTITY },
  'get-authorization-context': { role: 'reaches', does: IDENTITY },
  'send-request': { role: 'reaches', does: ELSEWHERE },
  'send-one-way-request': { role: 'reaches', does: ELSEWHERE },
  'publish-to-dapr': { role: 'reaches', does: ELSEWHERE },
  'invoke-dapr-binding': { role: 'reaches', does: ELSEWHERE },
};

/** Undefined: no element that this version knows. */
export function roleOf(name: string): Role | undefined {
  return wordOf(name)?.role;
}

export function whatItDoes(name: string): string {
  return wordOf(name)?.does ?? 'may do anything';
}

function wordOf(name: string): Word | undefined {
  return Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
}

/** Headers by which a backend knows who calls: setting one is not just any header. */
const IDENTIFYING =
  /^(?:authorization|proxy-authorization|cookie|host|forwarded|x-forwarded-.*|x-original-.*|x-ms-client-principal.*|x-ms-token-.*|ocp-apim-.*|.*(?:key|token|secret|user|client|principal|identity|tenant|role|scope|admin|auth|cert).*)$/i;

export function identifies(header: string): boolean {
  return !/^[\w-]+$/.test(header) || IDENTIFYING.test(header);
}

/** Headers from which a browser knows which pages of other origins may read an answer. */
export function opensOrigins(header: string): boolean {
  return (
    !/^[\w-]+$/.test(header) ||
    /^(?:access-control-|content-security-policy|x-frame-options|cross-origin-)/i.test(header)
  );
}
