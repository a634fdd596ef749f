import { Annotations, Token } from 'cdktf';
import { Construct } from 'constructs';

/** Regions of the Early Updates Access Program, in which the preview is documented. */
const EARLY_UPDATES = ['centraluseuap', 'eastus2euap'];

/** Warns where the preview is used in a region that its documentation does not name. It may be signed up for there. */
export function warnOfRegion(construct: Construct, prop: string, location: string | undefined): void {
  if (location === undefined || Token.isUnresolved(location)) {
    return;
  }
  if (EARLY_UPDATES.includes(location.toLowerCase().replace(/ /g, ''))) {
    return;
  }
  Annotations.of(construct).addWarning(
    `${prop}: application based access is in preview and documented for ${EARLY_UPDATES.join(' and ')}, got "${location}"; ` +
      'make sure that the subscription is signed up for it in this region',
  );
}
