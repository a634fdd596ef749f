import { parseArgs } from 'node:util';
import { azureDevOps } from '../publish/azure-devops';
import { github } from '../publish/github';
import type { Provider } from '../publish/provider';
import { readComment, readReview } from '../publish/published-review';
import { UserError } from '../user-error';
import type { Surroundings } from './command';

const PROVIDERS: readonly Provider[] = [github, azureDevOps];

const HELP = `usage: apim-oauth publish --provider PROVIDER --review REVIEW.json [options]

Hands a review to the pipeline that made it: outputs of the step, a comment on the pull
request that later runs update, labels. Made for the GitHub Action and the Azure DevOps
template; all else is read from the variables that a run of the provider has.

options
  --provider PROVIDER   ${PROVIDERS.map(({ name }) => name).join(' or ')}
  --review FILE         what apim-oauth review --format json wrote
  --comment FILE        what --format markdown wrote in the same run: becomes the comment
  --labels              label the pull request (GitHub) or tag the build (Azure DevOps)
                        with access:broadening, access:breaking and so on
  --help                print this

variables
  GITHUB_TOKEN, SYSTEM_ACCESSTOKEN   may write to pull requests; without it, or where the
                                     token may only read, a sentence says what is missing

exit status
  0  published, as far as the token may
  1  not published
`;

/** A command that talks to a server. */
export const publishCommand = {
  name: 'publish',
  summary: 'comments a review on its pull request',
  run: async (args: readonly string[], surroundings: Surroundings): Promise<number> => {
    const values = parsed(args);
    if (values.help === true) {
      surroundings.stdout(HELP);
      return 0;
    }
    const provider = PROVIDERS.find(({ name }) => name === values.provider);
    const problems = [
      ...(provider === undefined ? [`--provider is to be ${PROVIDERS.map(({ name }) => name).join(' or ')}`] : []),
      ...(values.review === undefined ? ['--review is missing; give what --format json wrote'] : []),
    ];
    if (provider === undefined || values.review === undefined) {
      throw new UserError(problems);
    }
    const review = readReview(values.review);
    await provider.publish({
      review,
      labels: values.labels === true,
      surroundings,
      ...(values.comment === undefined ? {} : { comment: readComment(values.comment, review) }),
    });
    return 0;
  },
};

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        provider: { type: 'string' },
        review: { type: 'string' },
        comment: { type: 'string' },
        labels: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch {
    throw new UserError(['an option is unknown or lacks its value; see apim-oauth publish --help']);
  }
}
