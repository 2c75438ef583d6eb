import { crc32 } from 'node:zlib';

const FORM = /^rk_([a-z0-9]{10})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

/** The id of the key that a secret says it is of; undefined when it cannot be one of our secrets, by form or checksum. */
export function keyIdOf(secret: string): string | undefined {
  const [, id, checksum] = FORM.exec(secret) ?? [];
  return checksum !== undefined && checksum === checksumOf(secret.slice(0, -CHECKSUM_LENGTH)) ? id : undefined;
}

/** CRC32 in base62, over everything before it: a mistyped or shortened secret is told apart without any look-up. */
export function checksumOf(body: string): string {
  let text = '';
  for (let rest = crc32(body); text.length < CHECKSUM_LENGTH; rest = Math.floor(rest / DIGITS.length)) {
    text = DIGITS.charAt(rest % DIGITS.length) + text;
  }
  return text;
}
