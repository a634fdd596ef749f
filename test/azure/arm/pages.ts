import { Cloud } from '../cloud';
import { answer, Answer, Call } from '../http';
import { pageOf } from '../odata';

/** A list as ARM answers it: `$top`, `$skip`, pages with `nextLink`, and for API Management the number of all entries. */
export function pages(cloud: Cloud, call: Call, entries: readonly object[], counted: boolean): Answer {
  const { query } = call;
  const skip = Number(query.get('$skip') ?? 0);
  const size = Math.min(Number(query.get('$top') ?? Infinity), cloud.settings.pageSize);
  const page = pageOf(entries, skip, size);
  const next = page.next === undefined || query.has('$top') ? undefined : nextLink(call, page.next);
  return answer(200, {
    value: page.entries,
    ...(counted ? { count: entries.length } : {}),
    ...(next === undefined ? {} : { nextLink: next }),
  });
}

function nextLink(call: Call, skip: number): string {
  const query = new URLSearchParams(call.query);
  query.set('$skip', String(skip));
  return `https://${call.host}${call.path}?${query.toString()}`;
}
