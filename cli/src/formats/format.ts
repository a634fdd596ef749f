import type { Review } from '../model';

/** A way to write a review down: a function from the review to text, and from nothing else. */
export interface Format {
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  readonly render: (review: Review) => string;
  /** Text that is appended to the file that an environment variable names, if there is one. */
  readonly append?: { readonly variable: string; readonly render: (review: Review) => string };
}
