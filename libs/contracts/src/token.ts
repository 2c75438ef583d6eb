/** What a token is: `rk` a key, `rs` a client's secret. */
export type TokenKind = 'rk' | 'rs';

/** For scanners of leaked secrets; each match can be verified by its checksum. */
export const TOKEN_PATTERN = String.raw`\br[ks]_[a-z0-9]{10}_[0-9A-Za-z]{49}\b`;

const FORM = /^(rk|rs)_([a-z0-9]{10})_[0-9A-Za-z]{49}$/;
const CHECKSUM_LENGTH = 6;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The kind and the public id of a well-formed token; undefined for anything else. Says nothing of whether it is known. */
export function readToken(token: string): { kind: TokenKind; id: string } | undefined {
  const [, kind, id] = FORM.exec(token) ?? [];
  if (kind === undefined || id === undefined) return undefined;
  if (token.slice(-CHECKSUM_LENGTH) !== checksum(token.slice(0, -CHECKSUM_LENGTH))) return undefined;
  return { kind: kind === 'rk' ? 'rk' : 'rs', id };
}

/** A token from its public id and its secret digits (43 of base62: 256 bits). */
export function writeToken(kind: TokenKind, id: string, digits: string): string {
  const body = `${kind}_${id}_${digits}`;
  return body + checksum(body);
}

/** A number of 0 and more in base62, at a fixed length. */
export function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text;
}

/** CRC-32 (IEEE 802.3, as in zlib) in base62: tells a mistyped or cut token from a real one without a look-up. */
function checksum(body: string): string {
  let text = '';
  for (let rest = crc32(body); text.length < CHECKSUM_LENGTH; rest = Math.floor(rest / 62)) {
    text = DIGITS.charAt(rest % 62) + text;
  }
  return text;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest >>> 0;
});

/** Of ASCII text, as every token is. */
function crc32(text: string): number {
  let rest = 0xffffffff;
  for (let place = 0; place < text.length; place++) {
    rest = (TABLE[(rest ^ text.charCodeAt(place)) & 0xff] ?? 0) ^ (rest >>> 8);
  }
  return (rest ^ 0xffffffff) >>> 0;
}
