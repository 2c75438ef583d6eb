import { createHash } from 'node:crypto';
import { type ClientState, type KeyState, topics, writeToken } from '#libs/contracts';
import { InProcessStateTable, type StateTable } from '#libs/messaging';
import { SystemClock } from '#libs/service';
import { KnownKeys } from './known-keys.js';
import { KnownClients } from './oauth/known-clients.js';

// The table of keys in memory: when it may be trusted, and in which order it believes what it hears.

const directory = '0197a000-0000-7000-8000-000000000001';
const token = writeToken('rk', 'k3y0000001', '0'.repeat(43));
const secretSha256 = createHash('sha256').update(token).digest('hex');

/** A table that is long, and has not been read to its end until `readToEnd` is called. */
class LongTable extends InProcessStateTable {
  private readonly whole = Promise.withResolvers<undefined>();

  readToEnd(): void {
    this.whole.resolve(undefined);
  }

  override async follow(...args: Parameters<StateTable['follow']>) {
    return { ...(await super.follow(...args)), ready: this.whole.promise };
  }
}

const key = (version: number, status: KeyState['status']): KeyState => {
  const about = { id: 'k3y0000001', directory, secretSha256, scopes: ['scim:read' as const], expiresAt: null };
  return { ...about, status, version };
};
const client = (version: number, status: ClientState['status']): ClientState => {
  const about = { kind: 'client' as const, id: 'rc_client0001', directory, scopes: ['scim:read' as const] };
  return { ...about, status, secrets: [], federation: null, version };
};

function started(table = new LongTable(() => Date.now())) {
  const clients = new KnownClients();
  const keys = new KnownKeys(table, new SystemClock(), clients);
  const say = (state: KeyState | ClientState) =>
    table.put(topics.keysState.name, [{ key: state.id, value: JSON.stringify(state) }]);
  return { table, clients, keys, say, starting: keys.start() };
}

describe('the table of keys', () => {
  it('is vouched for only when it has been read to its end, however lately Kafka was heard from', async () => {
    const { keys, table, say, starting } = started();
    await say(key(1, 'live'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(keys.isFresh()).toBe(false);
    table.readToEnd();
    await starting;
    expect(keys.isFresh()).toBe(true);
  });

  it('does not bring a revoked key back when an older state comes again', async () => {
    const { keys, say } = started();
    for (const state of [key(1, 'live'), key(2, 'revoked'), key(1, 'live')]) await say(state);
    expect(keys.check(token)).toMatchObject({ reason: 'This key has been revoked.' });
    await say(key(3, 'live'));
    expect(keys.check(token)).toMatchObject({ keyId: 'k3y0000001' });
  });

  it('does not bring a revoked client back either', async () => {
    const { clients, say } = started();
    for (const state of [client(1, 'live'), client(2, 'revoked'), client(1, 'live')]) await say(state);
    expect(clients.client('rc_client0001')).toMatchObject({ status: 'revoked' });
  });
});
