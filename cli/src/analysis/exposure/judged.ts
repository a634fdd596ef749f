import { kindOf } from '../../plan/kinds';
import { applicationAlias } from '../../entities/aliases';
import { guid } from '../../plan/arm';
import { attribute, isUnknown, text } from '../../plan/attributes';
import type { ProductSettings } from '../../entities/products';
import { isDestroyed, isTouched, type Resource } from '../../plan/resource';
import type { Context } from '../context';
import type { ProductChange } from './product-change';

/** Marks what the rules on a product have understood of its blocks, whether they reported a finding or not. */
export function markProduct(change: ProductChange, context: Context): void {
  const blocks = context.world
    .resourcesOf(change.key)
    .filter((resource) => resource.mode === 'managed' && isTouched(resource) && resource.action !== 'forget')
    .filter((resource) => ['product', 'product settings'].includes(kindOf(resource) ?? ''));
  const { before, after } = change;
  const known = (holds: (state: ProductSettings) => boolean): boolean =>
    [before, after].every((state) => state === undefined || holds(state));
  for (const block of blocks) {
    if (known(({ ways }) => ways !== undefined)) {
      context.judged.mark(block, 'authentication');
      // what a product that takes tokens makes of its keys is not documented
      if (before === undefined || after === undefined || after.tokens === false) {
        context.judged.mark(block, 'keys');
      }
      if (kindOf(block) === 'product settings') {
        context.judged.mark(block, 'existence');
      }
    }
    if (known(({ published, approval }) => published !== undefined && approval !== undefined)) {
      context.judged.mark(block, 'publication');
    }
    markRegistration(context, block);
  }
  for (const { resource } of [before, after].flatMap((state) => [...(state?.apis ?? []), ...(state?.groups ?? [])])) {
    if (resource.action !== 'forget') {
      context.judged.mark(resource, 'members');
    }
  }
  const restorer = context.products.restorer(change.key);
  if (restorer !== undefined && known(({ ways }) => ways !== undefined)) {
    context.judged.mark(restorer, 'existence');
  }
  // the request that deletes a product says nothing more than the block of the product that is destroyed
  if (blocks.some((block) => kindOf(block) === 'product' && isDestroyed(block))) {
    context.products.deleters(change.key).forEach((resource) => context.judged.mark(resource, 'existence'));
  }
}

const REGISTRATION = ['body', 'properties', 'application', 'entra'];

/** A product that stays with its registration keeps its audience, whatever its ids are after the apply. */
function markRegistration(context: Context, block: Resource): void {
  const path = [...REGISTRATION, 'applicationId'];
  const before = guid(text(block.before, ...path));
  const after = isUnknown(block.after, ...path) ? 'unknown' : guid(text(block.after, ...path));
  const former = before === undefined ? undefined : context.world.key(applicationAlias(before), block.stack);
  const latter = isUnknown(block.after, ...path) ? context.world.registrationAfter(block) : undefined;
  const same = latter === undefined ? before === after : latter === former;
  if (same) {
    context.judged.mark(block, 'registration');
  }
  const audiences = [block.before, block.after].map((side) => attribute(side, [...REGISTRATION, 'audience']));
  if (audiences.every(({ state }) => state === 'known')) {
    context.judged.mark(block, 'audience');
  }
}
