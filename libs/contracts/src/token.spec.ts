import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62, readToken, TOKEN_PATTERN, writeToken } from './token.js';

const id = 'k3y0000001';
const digitsOf = (bytes: Buffer) => base62(BigInt(`0x${bytes.toString('hex')}`), 43);
const fresh = () => writeToken('rk', id, digitsOf(randomBytes(32)));

describe('a token', () => {
  it('is read as what it was made of', () => {
    expect(readToken(fresh())).toEqual({ kind: 'rk', id });
    expect(readToken(writeToken('rs', id, digitsOf(randomBytes(32))))).toEqual({ kind: 'rs', id });
  });

  it('is the same for the same bits, so that other programs can check theirs against ours', () => {
    const token = writeToken('rk', id, digitsOf(Buffer.alloc(32, 1)));
    expect(token).toBe('rk_k3y0000001_0El6XFXwsUFD8J2vGxsaboW7rZYnQRBP5d9erwRwd293uTPaZ');
    expect(token.slice(-6)).toBe(base62(BigInt(crc32(token.slice(0, -6))), 6));
  });

  it('keeps its length whatever its bits are', () => {
    const both = [0, 255].map((byte) => writeToken('rk', id, digitsOf(Buffer.alloc(32, byte))));
    expect(both.map(({ length }) => length)).toEqual([63, 63]);
  });

  it('is told from one with any character changed, added or missing', () => {
    const token = fresh();
    for (let place = 0; place < token.length; place++) {
      const other = token[place] === 'x' ? 'y' : 'x';
      expect(readToken(token.slice(0, place) + other + token.slice(place + 1))).toBeUndefined();
    }
    for (const wrong of [`${token} `, ` ${token}`, token.slice(0, -1), `${token}0`, '', `${token}\n`]) {
      expect(readToken(wrong)).toBeUndefined();
    }
  });

  it('is found by scanners in any text, with the same pattern that the docs give', () => {
    const token = fresh();
    const found = `token = "${token}"; other=rk_short`.match(new RegExp(TOKEN_PATTERN, 'g'));
    expect(found).toEqual([token]);
  });
});
