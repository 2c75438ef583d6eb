import type { Member } from './directory-events.js';

const ID_BYTES = 16;
const ID_LENGTH = 36;
const MEMBER_BYTES = ID_BYTES + 1;
const GROUP = 1;
const PIECE_BYTES = 64 * 1024;
const [DASH, COMMA] = [0x2d, 0x2c];
const DIGITS = new TextEncoder().encode('0123456789abcdef');
const DASH_BEFORE: ReadonlySet<number> = new Set([4, 6, 8, 10]);

/** How a member is written: the texts around its id, which stands between each two of them; undefined: not at all. */
type FormOf = (type: Member['type']) => readonly string[] | undefined;

/**
 * The members of a group as they travel: 17 bytes each, the 16 of the id and one that is 1 for a group and 0 for a user, in the
 * order of their ids. A hundred thousand are 1.7 MB so, and nothing has to be made of them before they are wanted.
 */
export class PackedMembers implements Iterable<Member> {
  readonly size: number;

  constructor(readonly bytes: Uint8Array) {
    this.size = Math.floor(bytes.length / MEMBER_BYTES);
  }

  /** The members of several groups that travelled together, group after group. Throws when they are more or fewer. */
  static split(bytes: Uint8Array, sizes: readonly number[]): PackedMembers[] {
    const total = sizes.reduce((sum, size) => sum + size, 0);
    // A group with members that got lost must never be shown as one without.
    if (bytes.length !== total * MEMBER_BYTES) throw new Error(`${total} members in ${bytes.length} bytes`);
    let start = 0;
    return sizes.map((size) => new PackedMembers(bytes.subarray(start, (start += size * MEMBER_BYTES))));
  }

  *[Symbol.iterator](): Generator<Member> {
    const id = new Uint8Array(ID_LENGTH);
    const decoder = new TextDecoder();
    for (let at = 0; at < this.size; at++) {
      this.writeId(at, id, 0);
      yield { value: decoder.decode(id), type: this.typeAt(at) };
    }
  }

  /** Writes the members with commas between them, in pieces of 64 KiB: as bytes, since a text of each would cost more. */
  *written(formOf: FormOf): Generator<Uint8Array> {
    const encoder = new TextEncoder();
    const encoded = (type: Member['type']) => formOf(type)?.map((part) => encoder.encode(part));
    const forms = { User: encoded('User'), Group: encoded('Group') };
    let piece = new Uint8Array(PIECE_BYTES);
    let end = 0;
    let isFirst = true;
    for (let at = 0; at < this.size; at++) {
      const form = forms[this.typeAt(at)];
      if (form === undefined) continue;
      if (end + lengthOf(form) > piece.length) {
        if (end > 0) yield piece.subarray(0, end);
        piece = new Uint8Array(Math.max(PIECE_BYTES, lengthOf(form)));
        end = 0;
      }
      if (!isFirst) piece[end++] = COMMA;
      isFirst = false;
      for (const [place, part] of form.entries()) {
        if (place > 0) end = this.writeId(at, piece, end);
        piece.set(part, end);
        end += part.length;
      }
    }
    if (end > 0) yield piece.subarray(0, end);
  }

  private typeAt(at: number): Member['type'] {
    return this.bytes[at * MEMBER_BYTES + ID_BYTES] === GROUP ? 'Group' : 'User';
  }

  /** Writes the id of a member at a place, and gives the place after it. */
  private writeId(at: number, target: Uint8Array, start: number): number {
    let end = start;
    for (let place = 0; place < ID_BYTES; place++) {
      if (DASH_BEFORE.has(place)) target[end++] = DASH;
      const byte = this.bytes[at * MEMBER_BYTES + place] ?? 0;
      target[end++] = DIGITS[byte >> 4] ?? 0;
      target[end++] = DIGITS[byte & 15] ?? 0;
    }
    return end;
  }
}

/** The most bytes that a member of this form takes, with a comma. */
function lengthOf(form: readonly Uint8Array[]): number {
  return form.reduce((sum, part) => sum + part.length + ID_LENGTH, 1);
}
