import { flowOf } from '../policy/flow';
import { dutiesOf } from '../policy/guarantee';
import { readPolicy } from '../policy/reader';
import { audiencesOf, demandOf } from '../policy/strength';
import type { ProductPolicy } from './model';

const GUID = /^(?:api:\/\/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** What a product's policy demands of callers; of a policy that cannot be read with certainty nothing is known. */
export function productPolicy(text: string | undefined): ProductPolicy {
  if (text === undefined) {
    return { checksTokens: 'never', audiences: [], applicationIds: [], roles: [] };
  }
  const root = readPolicy(text);
  const flow = root === undefined ? undefined : flowOf(root, () => 'a fragment');
  if (flow === undefined) {
    return { checksTokens: 'unknown', audiences: [], applicationIds: [], roles: [] };
  }
  const { applies, strength } = demandOf(flow);
  const audiences = audiencesOf(flow);
  const usesFragments = /<include-fragment\b/.test(text);
  return {
    checksTokens:
      applies === 'always' || applies === 'without key'
        ? strength === 'none'
          ? 'never'
          : 'always'
        : usesFragments
          ? 'unknown'
          : applies,
    audiences,
    applicationIds: [...new Set(audiences.flatMap((audience) => GUID.exec(audience)?.[1]?.toLowerCase() ?? []))],
    roles: [
      ...new Set(
        dutiesOf(flow.inbound.steps).flatMap(({ step }) =>
          step.kind === 'check' && step.family === 'token'
            ? step.node.children
                .filter(({ name }) => name === 'required-claims')
                .flatMap(({ children }) => children)
                .filter(({ attributes }) => attributes.get('name') === 'roles')
                .flatMap(({ children }) => children.map((value) => value.text))
            : [],
        ),
      ),
    ],
  };
}
