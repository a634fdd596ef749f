import type { PolicyDocument, PolicySide } from '../../entities/policies';
import { listed, say } from '../../message';
import type { Outside } from '../../policy/duties';
import { dutiesOf } from '../../policy/guarantee';
import type { SectionName } from '../../policy/flow';
import { roleOf } from '../../policy/vocabulary';
import type { Context } from '../context';
import { productsWith } from './owner';

/** The policies around one: those of all APIs, of the products that an API is in, of the API of an operation. */
export function outsideOf(context: Context, document: PolicyDocument): Outside {
  const { policies } = context.products;
  const service = document.level === 'service' ? undefined : policies.ofService(document.instance);
  const around = [
    service,
    ...(document.level === 'api' || document.level === 'operation'
      ? productsWith(context, document).map((key) => policies.ofProduct(key))
      : []),
    document.level === 'operation' && document.api !== undefined
      ? policies.ofApi(document.instance, document.api)
      : undefined,
  ].filter((found) => found !== undefined);
  const sides = around.flatMap(({ before, after }) => [before, after]).filter((side) => side !== undefined);
  // what applies to all APIs has no policy around it
  const complete = document.level === 'service' || service !== undefined;
  const any = (holds: (side: PolicySide) => boolean | undefined): boolean | undefined => {
    const answers = sides.map(holds);
    return answers.includes(true) ? true : complete && !answers.includes(undefined) ? false : undefined;
  };
  const names = around.flatMap((found) => (found.product === undefined ? [] : [context.names.name(found.product)]));
  return {
    of:
      names.length > 0 ? say`the policy of ${listed(names)}` : service !== undefined ? say`the policy of all APIs` : [],
    matters: (section) => any((side) => matters(side, section)),
    answers: any(({ flow }) =>
      flow === undefined
        ? undefined
        : dutiesOf(flow.inbound.steps).some(({ step }) => ['answer', 'cache', 'opaque'].includes(step.kind)),
    ),
  };
}

/** Whether a section affects who has access; undefined if that is unknown. */
function matters({ flow }: PolicySide, section: SectionName): boolean | undefined {
  if (flow === undefined) {
    return undefined;
  }
  const { steps, effects } = flow[section];
  return (
    dutiesOf(steps).some(({ step }) => step.kind !== 'base') ||
    effects.some(
      ({ node }) =>
        ['limit', 'reaches', 'origins'].includes(roleOf(node.name) ?? '') || node.name === 'limit-concurrency',
    )
  );
}

/** Whether a policy demands or limits anything at all. */
export function demandsAnything(side: PolicySide | undefined): boolean {
  return side !== undefined && matters(side, 'inbound') === true;
}
