const CHARACTERS_MAX = 150_000; // at most three bytes each in UTF-8, so below the 512 kB of a message
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

/** Puts pieces together again, whatever comes between them; forgets what is not complete within a while. */
export class Joiner {
  private readonly parts = new Map<string, { pieces: (string | undefined)[]; missing: number; since: number }>();

  constructor(
    private readonly now: () => number,
    private readonly keptMs: number,
  ) {}

  /** Takes one piece of `count`; gives the whole text when it was the last one missing. */
  add(id: string, index: number, count: number, piece: string): string | undefined {
    if (count === 1) return piece;
    const known = this.parts.get(id);
    const part = known ?? { pieces: new Array<undefined>(count), missing: count, since: this.now() };
    if (part.pieces[index] === undefined) part.missing -= 1;
    part.pieces[index] = piece;
    if (part.missing === 0) {
      this.parts.delete(id);
      return part.pieces.join('');
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
