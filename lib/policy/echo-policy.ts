import { PolicyElement } from './policy-xml';

/** A policy that answers 200 with what was asked for, so that no backend is needed. The token is not repeated. */
export function echoPolicy(): PolicyElement {
  const base: PolicyElement = { name: 'base' };
  const answer: PolicyElement = {
    name: 'return-response',
    children: [
      { name: 'set-status', attributes: { code: '200', reason: 'OK' } },
      {
        name: 'set-header',
        attributes: { name: 'Content-Type', 'exists-action': 'override' },
        children: [{ name: 'value', text: 'application/json' }],
      },
      {
        name: 'set-body',
        text: '@(new JObject(new JProperty("method", context.Request.Method), new JProperty("path", context.Request.OriginalUrl.Path)).ToString())',
      },
    ],
  };
  return {
    name: 'policies',
    children: [
      { name: 'inbound', children: [base, answer] },
      { name: 'backend', children: [base] },
      { name: 'outbound', children: [base] },
      { name: 'on-error', children: [base] },
    ],
  };
}
