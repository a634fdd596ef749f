import { Cloud } from '../../cloud';

/** The id of an API's current revision is the API's own: `apis/orders;rev=1` is `apis/orders` while 1 is current. */
export function currentRevision(cloud: Cloud, id: string): string {
  return id.replace(/^(.*\/apis\/)([^/;]+);rev=(\d+)/i, (whole, before: string, name: string, revision: string) => {
    const current = cloud.store.get(`${before}${name}`)?.body.properties?.apiRevision as string | undefined;
    return current === undefined || current === revision ? `${before}${name}` : whole;
  });
}
