import type { Http } from '../azure/http';
import type { Surroundings } from '../commands/command';
import type { PublishedReview } from './published-review';

export interface Publication {
  readonly review: PublishedReview;
  /** The Markdown review, where it is to become a comment. */
  readonly comment?: string;
  /** Whether to label the pull request, or tag the build. */
  readonly labels: boolean;
  readonly surroundings: Surroundings;
  readonly http: Http;
}

/** A service that runs pipelines and has pull requests. */
export interface Provider {
  readonly name: string;
  readonly publish: (publication: Publication) => Promise<void>;
}

/** What a run says of itself, besides outputs; nothing in it comes from a plan. */
export function tell({ stdout }: Surroundings, sentence: string): void {
  stdout(`apim-oauth: ${sentence}\n`);
}
