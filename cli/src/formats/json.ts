import type { Format } from './format';

/** The review as it is; `schema/review-1.schema.json` describes it. */
export const jsonFormat: Format = {
  name: 'json',
  summary: 'the whole review, by a published schema',
  render: (review) => `${JSON.stringify(review, undefined, 2)}\n`,
};
