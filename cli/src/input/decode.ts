import { UserError } from '../user-error';

const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const GZIP = Buffer.from([0x1f, 0x8b]);

/** The text of a file in UTF-8 or UTF-16: PowerShell redirects write UTF-16 with a byte order mark. */
export function decode(bytes: Buffer, file: string): string {
  if (bytes.length === 0) {
    throw new UserError([`${file}: the file is empty; write it with terraform show -json PLAN > FILE`]);
  }
  if (bytes.subarray(0, 4).equals(ZIP)) {
    throw new UserError([`${file}: this is terraform's own plan file; give the output of terraform show -json for it`]);
  }
  if (bytes.subarray(0, 2).equals(GZIP)) {
    throw new UserError([`${file}: the file is compressed; give it decompressed`]);
  }
  const text = textOf(bytes).trim();
  if (text.includes('\0') || text.includes('\uFFFD')) {
    throw new UserError([`${file}: the file is binary or in an unknown encoding; give JSON in UTF-8 or UTF-16`]);
  }
  if (text === '') {
    throw new UserError([`${file}: the file is empty; write it with terraform show -json PLAN > FILE`]);
  }
  return text;
}

function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return bytes.subarray(2).toString('utf16le');
  }
  if (first === 0xfe && second === 0xff) {
    return swapped(bytes.subarray(2));
  }
  // without a mark, the bracket or blank at the start of JSON shows the byte order
  if (second === 0 && isStartOfJson(first)) {
    return bytes.toString('utf16le');
  }
  if (first === 0 && isStartOfJson(second)) {
    return swapped(bytes);
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function isStartOfJson(byte: number | undefined): boolean {
  return byte !== undefined && '{[ \t\r\n'.includes(String.fromCharCode(byte));
}

function swapped(bytes: Buffer): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return Buffer.from(even).swap16().toString('utf16le');
}
