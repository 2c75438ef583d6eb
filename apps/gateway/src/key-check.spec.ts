import { hash, randomBytes } from 'node:crypto';
import { base62, type KeyState, readToken, topics, writeToken } from '#libs/contracts';
import { InProcessStateTable } from '#libs/messaging';
import { SystemClock } from '#libs/service';
import { authenticate } from './bearer.strategy.js';
import { KnownKeys } from './known-keys.js';
import { KnownClients } from './oauth/known-clients.js';

// What a key costs to check, and what it takes to guess one. The whole of it with `npm run bench:keys`.

const isWhole = process.env.ROSTER_KEYS_PROOFS === 'whole';
const KEYS = isWhole ? 100_000 : 1_000;
const CHECKS = isWhole ? 1_000_000 : 20_000;
const STRINGS = isWhole ? 10_000_000 : 100_000;
const MICROSECONDS_MAX = 10;
const tell = (line: string) => {
  if (isWhole) process.stdout.write(`${line}\n`);
};

const digits = () => base62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43);
const tokens = Array.from({ length: KEYS }, (_, place) =>
  writeToken('rk', place.toString(36).padStart(10, '0'), digits()),
);
const table = new InProcessStateTable(() => Date.now());
const keys = new KnownKeys(table, new SystemClock(), new KnownClients());

beforeAll(async () => {
  await table.put(
    topics.keysState.name,
    tokens.map((token) => {
      const id = readToken(token)?.id ?? '';
      const secretSha256 = hash('sha256', token, 'hex');
      const about = {
        id,
        directory: '0197a000-0000-7000-8000-000000000001',
        secretSha256,
        scopes: ['scim:read' as const],
      };
      const state: KeyState = { ...about, expiresAt: '2100-01-01T00:00:00.000Z', status: 'live', version: 1 };
      return { key: id, value: JSON.stringify(state) };
    }),
  );
  await keys.start();
});

/** Microseconds of CPU for each of so many turns. */
function cost(turns: number, turn: (place: number) => unknown): number {
  for (let place = 0; place < Math.min(turns, 10_000); place++) turn(place);
  const before = process.cpuUsage();
  for (let place = 0; place < turns; place++) turn(place);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / turns;
}

const check = (token: string) => authenticate((one) => keys.check(one), `Bearer ${token}`);

describe('the check of a key', () => {
  it(`costs at most ${MICROSECONDS_MAX} µs of CPU, a good one and a broken one`, () => {
    const good = cost(CHECKS, (place) => check(tokens[place % KEYS] ?? ''));
    const broken = cost(CHECKS, (place) => check(`${tokens[place % KEYS] ?? ''}x`));
    const alone = cost(CHECKS, (place) => keys.check(tokens[place % KEYS] ?? ''));
    tell(
      `d: ${KEYS} keys, ${CHECKS} checks: ${alone.toFixed(2)} µs, with its header ${good.toFixed(2)} µs, a broken one ${broken.toFixed(2)} µs`,
    );
    expect(check(tokens[0] ?? '')).toMatchObject({ credential: { keyId: '0000000000' } });
    // Beside a whole test run everything takes longer.
    expect(Math.max(good, broken)).toBeLessThanOrEqual(isWhole ? MICROSECONDS_MAX : 5 * MICROSECONDS_MAX);
  });

  it(`takes none of ${STRINGS} random strings`, () => {
    const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    let taken = 0;
    let wellFormed = 0;
    for (let place = 0; place < STRINGS; place++) {
      let random = '';
      const bytes = randomBytes(49);
      for (const byte of bytes) random += alphabet.charAt(byte % 62);
      // Half of them know the form and a public id; what they cannot know is the secret and its checksum.
      const string = place % 2 === 0 ? `rk_${(place % KEYS).toString(36).padStart(10, '0')}_${random}` : random;
      const found = readToken(string) === undefined ? undefined : keys.check(string);
      if (found !== undefined) wellFormed += 1;
      if (found !== undefined && 'keyId' in found) taken += 1;
    }
    tell(`d: ${STRINGS} random strings: ${wellFormed} with a right checksum, ${taken} taken`);
    expect(taken).toBe(0);
  }, 600_000);

  it('takes no secret of another key, nor a right checksum over a wrong secret', () => {
    for (let place = 0; place < 1_000; place++) {
      const id = (place % KEYS).toString(36).padStart(10, '0');
      expect(keys.check(writeToken('rk', id, digits()))).toEqual({ reason: 'No such key.' });
    }
  });
});
