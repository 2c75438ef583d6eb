import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '#libs/testing';
import { LargeAnswers } from './large-answers.js';
import { Unavailable } from './unavailable.js';

const PIECE = 'x'.repeat(50_000);
const PIECES = 400;
const HELD = 1_000;
const MIB = 1024 * 1024;

let server: Server;
let large: LargeAnswers;
let made: number;
let stalledMsMax: number | undefined;
let breakAt: number;

function* pieces(): Generator<string | Uint8Array> {
  for (made = 0; made < PIECES; made++) {
    if (made === breakAt) throw new Error('the rest is missing');
    yield made % 2 === 0 ? PIECE : Buffer.from(PIECE);
  }
}

beforeEach(async () => {
  large = new LargeAnswers();
  stalledMsMax = undefined;
  breakAt = Infinity;
  server = createServer((_, response) => {
    const body = large.stream(pieces(), HELD, stalledMsMax).getStream();
    body.pipe(response);
    body.once('close', () => body.readableEnded || response.destroy());
    response.once('close', () => body.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const ask = () =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }, resolve).on('error', reject);
  });

async function lengthOf(answer: IncomingMessage): Promise<number> {
  let length = 0;
  for await (const piece of answer) length += (piece as Buffer).length;
  return length;
}

describe('a large answer', () => {
  it('comes whole, and nothing is held when it has been taken', async () => {
    const answer = await ask();
    expect(large.heldBytes()).toBe(HELD);
    expect(await lengthOf(answer)).toBe(PIECES * PIECE.length);
    await eventually(() => large.heldBytes() === 0);
  });

  it('is made no faster than it is taken', async () => {
    const answer = await ask();
    let before = -1;
    // It comes to rest when all buffers of the way are full.
    await eventually(() => {
      const isAtRest = made === before;
      before = made;
      return isAtRest && made > 0;
    });
    expect(made).toBeLessThan(PIECES);
    expect(await lengthOf(answer)).toBe(PIECES * PIECE.length);
  });

  it('is let go when its reader hangs up, or takes nothing for too long', async () => {
    const gone = await ask();
    gone.destroy();
    await eventually(() => large.heldBytes() === 0);
    stalledMsMax = 50;
    await ask();
    await eventually(() => large.heldBytes() === 0);
    expect(made).toBeLessThan(PIECES);
  });

  it('is broken off, not ended, when the rest of it cannot be made', async () => {
    breakAt = 30;
    await expect(lengthOf(await ask())).rejects.toThrow(/aborted/);
    await eventually(() => large.heldBytes() === 0);
  });
});

describe('room for large answers', () => {
  it('is refused while too much is held, before anything is asked', async () => {
    const body = large.stream([PIECE], 65 * MIB).getStream();
    let isAsked = false;
    const asking = large.ask(() => Promise.resolve((isAsked = true)));
    await expect(asking).rejects.toThrow(Unavailable);
    expect(isAsked).toBe(false);
    body.destroy();
    await eventually(() => large.heldBytes() === 0);
    await expect(large.ask(() => Promise.resolve('here'))).resolves.toBe('here');
  });

  it('is not given to those in the queue either, when the ones before them have filled it', async () => {
    const bodies: { destroy(): void }[] = [];
    const asking = Array.from({ length: 64 }, () =>
      large.ask(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        bodies.push(large.stream([PIECE], 2 * MIB).getStream());
      }),
    );
    const refused = (await Promise.allSettled(asking)).filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(30);
    expect(large.heldBytes()).toBeLessThanOrEqual((32 + 2 * 8) * MIB);
    for (const body of bodies) body.destroy();
    await eventually(() => large.heldBytes() === 0);
  });

  it('is shared by so many questions at once', async () => {
    let underWay = 0;
    let most = 0;
    const question = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    };
    await Promise.all(Array.from({ length: 100 }, () => large.ask(question)));
    expect(most).toBe(8);
  });
});
