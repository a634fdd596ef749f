import { TerraformStack } from 'cdktf';
import { IConstruct } from 'constructs';
import { shown } from './limits';

/** Ids that are in no name, as cdktf has it. */
const HIDDEN = ['Default', 'Resource'];

/** What is wrong with the ids of a construct, which begin the names of its resources in Terraform. */
export function problemOfId({ node: { scopes } }: IConstruct): string | undefined {
  const ids = scopes
    .slice(scopes.findIndex((scope) => TerraformStack.isStack(scope)) + 1)
    .map(({ node }) => node.id)
    .filter((id) => !HIDDEN.includes(id));
  const name = ids.map((id) => id.replace(/[^\w-]/g, '')).join('_');
  return ids.length === 0 || /^[A-Za-z_]/.test(name)
    ? undefined
    : `must begin with a letter or an underscore, since Terraform's names of resources begin with it, got ${shown(ids.join('/'))}`;
}
