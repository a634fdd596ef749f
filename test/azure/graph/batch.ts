import { answer, Answer, AzureError, Call } from '../http';
import { JsonObject } from '../json';

const MOST = 20;

/** The requests of a `$batch`, each as it would come by itself. */
export function requestsOf(call: Call): { readonly id: string; readonly call: Call }[] {
  const { requests } = call.json as { requests?: JsonObject[] };
  const ids = (requests ?? []).map(({ id }) => String(id));
  if (requests === undefined || requests.length === 0 || requests.length > MOST) {
    throw new AzureError(400, 'BadRequest', `Number of batch request steps must be between 1 and ${MOST}.`);
  }
  if (new Set(ids).size < ids.length) {
    throw new AzureError(400, 'BadRequest', 'The ids of batch request steps must be unique.');
  }
  const version = call.path.split('/')[1];
  return requests.map(({ method, url, headers, body }, index) => {
    const address = new URL(`https://${call.host}/${version}/${String(url).replace(/^\//, '')}`);
    const text = body === undefined ? '' : JSON.stringify(body);
    return {
      id: ids[index],
      call: {
        method: String(method),
        host: call.host,
        path: decodeURIComponent(address.pathname).replace(/\/$/, ''),
        query: address.searchParams,
        headers: { authorization: call.headers.authorization, ...lowerCased((headers ?? {}) as JsonObject) },
        text,
        json: (body ?? {}) as JsonObject,
      },
    };
  });
}

/** Answers come in any order: here the last one first. */
export function batchAnswer(answers: readonly { readonly id: string; readonly answer: Answer }[]): Answer {
  return answer(200, {
    responses: answers
      .map(({ id, answer: { status, headers, body } }) => ({ id, status, headers: headers ?? {}, body }))
      .reverse(),
  });
}

function lowerCased(headers: JsonObject): Call['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
