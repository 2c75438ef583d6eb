import { Readable } from 'node:stream';
import { Injectable, Logger, StreamableFile } from '@nestjs/common';
import { NoTurn, Turns } from '#libs/service';
import { Unavailable } from './unavailable.js';

const MIB = 1024 * 1024;
/** So many answers that may be large are waited for at once. */
const AWAITED_MAX = 8;
const TURN_MS_MAX = 10_000;
/** So much of large answers is held for clients that are still reading, all together. */
const HELD_BYTES_MAX = 32 * MIB;
/** A client that takes nothing for so long has lost its answer. */
const STALLED_MS_MAX = 60_000;
const PIECE_LENGTH = 32_768;
const RETRY_AFTER_S = 5;

type Piece = string | Uint8Array;
type Pieces = AsyncIterable<Piece> | Iterable<Piece>;

/**
 * Bounds what answers with many groups or members take of the gateway's memory, however many are asked for at once and however
 * slowly they are read: beyond the bound a request is answered 503 before it costs anything.
 */
@Injectable()
export class LargeAnswers {
  private readonly turns = new Turns(AWAITED_MAX, TURN_MS_MAX);
  private readonly log = new Logger(LargeAnswers.name);
  private held = 0;

  /** Asks for an answer that may be large when there is room for it. Throws Unavailable when there is none. */
  async ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    this.refuseWhenFull();
    try {
      return await this.turns.take(async () => {
        this.refuseWhenFull(); // those before it in the queue may have filled the room
        return question();
      });
    } catch (error) {
      if (error instanceof NoTurn) throw new Unavailable('Too many large answers are being made.', RETRY_AFTER_S);
      throw error;
    }
  }

  private refuseWhenFull(): void {
    if (this.held > HELD_BYTES_MAX) throw new Unavailable('Too many large answers are being read.', RETRY_AFTER_S);
  }

  /**
   * A body that is made as the client takes it. `heldBytes` is what stays in memory meanwhile; it is let go when the last
   * piece is taken, when the client hangs up, or when it takes nothing for a minute.
   */
  stream(pieces: Pieces, heldBytes: number, stalledMsMax = STALLED_MS_MAX): StreamableFile {
    const body = Readable.from(
      onProgress(gathered(pieces), () => stalled.refresh()),
      { objectMode: false },
    );
    const stalled = setTimeout(() => body.destroy(new Error('the client takes nothing any more')), stalledMsMax);
    stalled.unref();
    this.held += heldBytes;
    // What has begun with 200 cannot become an error: it ends without its end, which HTTP tells from a whole answer.
    body.once('error', (error) => this.log.warn(`a large answer was broken off: ${error.message}`));
    body.once('close', () => {
      clearTimeout(stalled);
      this.held -= heldBytes;
    });
    return new StreamableFile(body);
  }

  heldBytes(): number {
    return this.held;
  }
}

/** What answers a HEAD: the body is not made, and so its length is not told (RFC 9110 §8.6). */
export const unmade = () => new StreamableFile(Readable.from([]));

/** Small texts are put together, since each piece costs a chunk of the answer. */
async function* gathered(pieces: Pieces): AsyncGenerator<Piece> {
  let text = '';
  for await (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    if (text.length > PIECE_LENGTH || (typeof piece !== 'string' && text !== '')) {
      yield text;
      text = '';
    }
    if (typeof piece !== 'string') yield piece;
  }
  if (text !== '') yield text;
}

async function* onProgress(pieces: AsyncIterable<Piece>, tell: () => void): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    tell();
    yield piece;
  }
}
