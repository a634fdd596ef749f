import { createHash } from 'node:crypto';

/** The namespace of this library's ids; made once, never to change. */
const NAMESPACE = Buffer.from('5f0c8d0e6d1a4d0d9d1f3f6c2f6f7a11', 'hex');

/**
 * A UUID of version 5 (RFC 9562): the same for the same parts, in this order, on every machine, and different for
 * different ones.
 */
export function stableUuid(...parts: string[]): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
