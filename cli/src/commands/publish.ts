import { Http } from '../azure/http';
import { azureDevOps } from '../publish/azure-devops';
import { github } from '../publish/github';
import type { Provider } from '../publish/provider';
import { readComment, readReview } from '../publish/published-review';
import { UserError } from '../user-error';
import type { Command, Surroundings } from './command';

const PROVIDERS: readonly Provider[] = [github, azureDevOps];

const NOTES = `
variables:
  GITHUB_TOKEN, SYSTEM_ACCESSTOKEN   token that may write to pull requests; without one, or if
                                     it may only read, a sentence says what is missing
  HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS
                                     as for the other commands

exit status:
  0  published everything that the token allows
  1  not published`;

interface Given {
  readonly provider?: string;
  readonly review?: string;
  readonly comment?: string;
  readonly labels?: true;
}

/** Hands a review to the pipeline that made it. */
export const publishCommand: Command = {
  configure: (parser) => {
    parser
      .description(
        'Publishes a review in the pipeline that made it: outputs of the step, a comment on the pull request that later ' +
          'runs update, labels. For the GitHub Action and the Azure DevOps template; it reads everything else from the ' +
          'variables that a run of the provider has.',
      )
      .usage('--provider PROVIDER --review REVIEW.json [options]')
      .option('--provider <PROVIDER>', PROVIDERS.map(({ name }) => name).join(' or '))
      .option('--review <FILE>', 'the output of apim-oauth review --format json')
      .option('--comment <FILE>', 'the output of --format markdown in the same run, which becomes the comment')
      .option(
        '--labels',
        'label the pull request (GitHub) or tag the build (Azure DevOps) with access:broadening, access:breaking and so on',
      )
      .addHelpText('after', NOTES);
    return (surroundings) => publish(parser.opts<Given>(), surroundings);
  },
};

async function publish(given: Given, surroundings: Surroundings): Promise<number> {
  const provider = PROVIDERS.find(({ name }) => name === given.provider);
  const problems = [
    ...(provider === undefined ? [`--provider must be ${PROVIDERS.map(({ name }) => name).join(' or ')}`] : []),
    ...(given.review === undefined ? ['--review is missing; give the output of --format json'] : []),
  ];
  if (provider === undefined || given.review === undefined) {
    throw new UserError(problems);
  }
  const review = readReview(given.review);
  const comment = given.comment === undefined ? {} : { comment: readComment(given.comment, review) };
  const http = new Http(surroundings);
  try {
    await provider.publish({ review, labels: given.labels === true, surroundings, http, ...comment });
  } finally {
    await http.close();
  }
  return 0;
}
