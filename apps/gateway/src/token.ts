import { crc32 } from 'node:zlib';

const FORM = /^rk_([a-z0-9]{10})_[0-9A-Za-z]{49}$/;
const CHECKSUM_LENGTH = 6;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The public id in a well-formed token, or undefined: a malformed one is refused before any look-up. */
export function keyIdOf(token: string): string | undefined {
  const id = FORM.exec(token)?.[1];
  const body = token.slice(0, -CHECKSUM_LENGTH);
  return id !== undefined && token.slice(-CHECKSUM_LENGTH) === checksum(body) ? id : undefined;
}

function checksum(body: string): string {
  let text = '';
  for (let rest = crc32(body); text.length < CHECKSUM_LENGTH; rest = Math.floor(rest / 62)) {
    text = DIGITS.charAt(rest % 62) + text;
  }
  return text;
}
