import type { Review } from '../model';

/** A way to write a review down: a function from the review to text, and from nothing else. */
export interface Format {
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  readonly render: (review: Review) => string;
  /** Text that goes to the file which an environment variable names, where there is one, at its end. */
  readonly append?: { readonly variable: string; readonly render: (review: Review) => string };
}
