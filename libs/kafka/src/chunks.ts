const CHARACTERS_MAX = 150_000; // at most three bytes each in UTF-8, so below the 512 kB of a message
const BYTES_MAX = 256 * 1024;
const HIGH_SURROGATE = { first: 0xd800, last: 0xdbff };

/** Cuts a text into pieces that a message can carry, never within a character; a short text is one piece. */
export function cut(text: string): string[] {
  if (text.length <= CHARACTERS_MAX) return [text];
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(text.length, start + CHARACTERS_MAX);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= HIGH_SURROGATE.first && last <= HIGH_SURROGATE.last) end -= 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** Cuts bytes into pieces that a message can carry, without a copy of them; none for no bytes. */
export function cutBytes(bytes: Uint8Array): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / BYTES_MAX) }, (_, at) => {
    const piece = bytes.subarray(at * BYTES_MAX, (at + 1) * BYTES_MAX);
    return Buffer.from(piece.buffer, piece.byteOffset, piece.length);
  });
}

/** One of `count` pieces: of a text, or of bytes, of which there are `length` in all and this begins at `offset`. */
export type Piece = { index: number; count: number } & (
  { text: string } | { bytes: Uint8Array; offset: number; length: number }
);

export interface Joined {
  text: string;
  bytes?: Uint8Array;
}

interface Part {
  seen: Set<number>;
  texts: string[];
  bytes?: Uint8Array;
  since: number;
}

/** Puts pieces together again, whatever comes between them; forgets what is not complete within a while. */
export class Joiner {
  private readonly parts = new Map<string, Part>();

  constructor(
    private readonly now: () => number,
    private readonly keptMs: number,
  ) {}

  /** Takes one piece; gives the whole when it was the last one missing. */
  add(id: string, piece: Piece): Joined | undefined {
    if (piece.count === 1 && 'text' in piece) return { text: piece.text };
    const known = this.parts.get(id);
    const part: Part = known ?? { seen: new Set(), texts: [], since: this.now() };
    part.seen.add(piece.index);
    if ('text' in piece) part.texts[piece.index] = piece.text;
    else {
      // A place of its own at once: what was fetched holds much more than the piece, and is let go.
      part.bytes ??= new Uint8Array(piece.length);
      part.bytes.set(piece.bytes, piece.offset);
    }
    if (part.seen.size === piece.count) {
      this.parts.delete(id);
      return { text: part.texts.join(''), ...(part.bytes !== undefined && { bytes: part.bytes }) };
    }
    this.parts.set(id, part);
    if (known === undefined) this.sweep();
    return undefined;
  }

  private sweep(): void {
    for (const [id, { since }] of this.parts) {
      if (this.now() - since > this.keptMs) this.parts.delete(id);
    }
  }
}
