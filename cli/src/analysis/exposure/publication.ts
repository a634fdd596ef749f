import { say } from '../../message';
import { exposure, productName, type ExposureRule } from './product-change';

/** Who can find a product and ask for it. */
export const publicationRule: ExposureRule = (change, context) => {
  const { before, after } = change;
  if (before === undefined || after === undefined) {
    return [];
  }
  const product = productName(change);
  const found = [];
  if (before.published === false && after.published === true) {
    found.push(
      exposure(context, change, {
        rule: 'product-published',
        kinds: ['broadening'],
        says: say`${product} is published: developers see it and may ask for it`,
        before: 'not published',
        after: 'published',
      }),
    );
  }
  if (before.published === true && after.published === false) {
    found.push(
      exposure(context, change, {
        rule: 'product-withdrawn',
        kinds: ['breaking'],
        says: say`${product} is withdrawn: developers no longer see it and cannot ask for it`,
        before: 'published',
        after: 'not published',
      }),
    );
  }
  if (before.approval === true && after.approval === false) {
    found.push(
      exposure(context, change, {
        rule: 'approval-dropped',
        kinds: ['broadening'],
        says: say`subscriptions to ${product} need no approval any more`,
      }),
    );
  }
  if (before.approval === false && after.approval === true) {
    found.push(
      exposure(context, change, {
        rule: 'approval-demanded',
        kinds: ['breaking'],
        says: say`subscriptions to ${product} need approval`,
      }),
    );
  }
  return found;
};
