import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual as isEqual } from 'node:util';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { compactDecrypt, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import {
  type Envelope,
  type KeyCommand,
  type KeyExpiry,
  type KeyReply,
  keyReply,
  type KeyState,
  parseKeyExpiry,
  topics,
} from '#libs/contracts';
import {
  CommandLog,
  InProcessCommandLog,
  InProcessReplyChannel,
  InProcessStateTable,
  ReplyChannel,
  StateTable,
} from '#libs/messaging';
import { type Database, openDatabase } from '#libs/postgres';
import { Clock, Readiness } from '#libs/service';
import { eventually, freshDatabase } from '#libs/testing';
import { ExpiryWatch } from './expiry/expiry-watch.js';
import { ActOnKey } from './key/key.handler.js';
import { KEYS_SCHEMA } from './keys.schema.js';
import { KeysModule } from './keys.module.js';
import { requestOf } from './use/request-of.contract.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const another = '0197a000-0000-7000-8000-000000000002';
const asker = await generateKeyPair('ECDH-ES', { extractable: true });
const sealTo = { ...(await exportJWK(asker.publicKey)) };

@Module({})
class Host {}

@Module({})
class Transport {}

/** A state table that can be away, as a broker can. */
class MovingStateTable extends InProcessStateTable {
  isAway = false;
  attempts = 0;

  override put(...args: Parameters<StateTable['put']>): Promise<void> {
    this.attempts += 1;
    return this.isAway ? Promise.reject(new Error('the broker is away')) : super.put(...args);
  }
}

/** The machine's clock, put forward. */
class MovedClock extends Clock {
  aheadMs = 0;

  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
const clock = new MovedClock();
let place: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let log: InProcessCommandLog;
let replies: InProcessReplyChannel;
let table: MovingStateTable;
let app: INestApplicationContext | undefined;

beforeEach(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  database = openDatabase({ url: place.url, schema: KEYS_SCHEMA, poolMax: 2 });
  await database.query('schema_make', `create schema ${KEYS_SCHEMA}`);
  await start();
});

afterEach(async () => {
  clock.aheadMs = 0;
  await stop();
  await database.close();
  await place.drop();
});

describe('the key service', () => {
  it('issues a key whose secret only the asker can open, and tells gateways its hash', async () => {
    const reply = await ask(issue('k3y0000001'));
    expect(reply).toMatchObject({
      outcome: 'issued',
      key: { id: 'k3y0000001', directory, name: 'Entra', scopes: ['scim:read', 'scim:write'], status: 'live' },
    });
    const secret = await opened(reply);
    expect(secret).toMatch(/^rk_k3y0000001_/);
    expect(await state('k3y0000001')).toMatchObject({
      directory,
      secretSha256: sha256(secret),
      status: 'live',
      version: 1,
    });
  });

  it('keeps no secret in clear in any of its tables', async () => {
    const secret = await opened(await ask(issue('k3y0000001')));
    const kept = await database.query(
      'everything',
      'select data::text from event union all select reply::text from command_result union all select key::text from key',
    );
    expect(kept.length).toBe(3);
    expect(JSON.stringify(kept)).not.toContain(secret.slice('rk_k3y0000001_'.length));
  });

  it('answers the same command the same, and makes one event of it', async () => {
    const id = randomUUID();
    const first = await ask(issue('k3y0000001'), { id });
    const second = await ask(issue('k3y0000001'), { id });
    expect(second).toEqual(first);
    expect(await events('key-k3y0000001')).toEqual(['KeyIssued']);
  });

  it('answers the same command the same when two instances have it at once', async () => {
    const request = {
      id: randomUUID(),
      actor: { kind: 'operator', id: 'spec' },
      deadline: '2100-01-01T00:00:00Z',
    } as const;
    const bus = running().get(CommandBus, { strict: false });
    const both = [1, 2, 3].map(() => bus.execute(new ActOnKey(request, directory, issue('k3y0000001'))));
    const [first, ...others] = await Promise.all(both);
    expect(first).toMatchObject({ outcome: 'issued' });
    for (const other of others) expect(other).toEqual(first);
    expect(await events('key-k3y0000001')).toEqual(['KeyIssued']);
  });

  it('does not issue the same key to two commands, nor to two directories', async () => {
    await ask(issue('k3y0000001'));
    expect(await ask(issue('k3y0000001'))).toMatchObject({ outcome: 'refused', code: 'already-exists' });
    expect(await ask(issue('k3y0000001'), { of: another })).toMatchObject({ code: 'already-exists' });
    expect(await events('key-k3y0000001')).toEqual(['KeyIssued']);
  });

  it('revokes a key: once it says so, the gateways know', async () => {
    await ask(issue('k3y0000001'));
    const reply = await ask({ do: 'revoke-key', id: 'k3y0000001' });
    expect(reply).toMatchObject({ outcome: 'revoked', key: { id: 'k3y0000001', status: 'revoked' } });
    expect(await state('k3y0000001')).toMatchObject({ status: 'revoked', version: 2 });
    expect(await ask({ do: 'revoke-key', id: 'k3y0000001' })).toEqual(reply);
    expect(await events('key-k3y0000001')).toEqual(['KeyIssued', 'KeyRevoked']);
  });

  it('does not say that a key is revoked before the gateways can know', async () => {
    await ask(issue('k3y0000001'));
    table.isAway = true;
    let isAnswered = false;
    const before = table.attempts;
    const reply = ask({ do: 'revoke-key', id: 'k3y0000001' }).finally(() => (isAnswered = true));
    await eventually(() => table.attempts > before + 1);
    expect([isAnswered, problems().length]).toEqual([false, 1]);
    table.isAway = false;
    expect(await reply).toMatchObject({ outcome: 'revoked' });
    expect(await state('k3y0000001')).toMatchObject({ status: 'revoked' });
    expect(problems()).toEqual([]);
  });

  it("keeps a directory's keys from all others", async () => {
    await ask(issue('k3y0000001'));
    await ask(issue('k3y0000002'), { of: another });
    expect(await ask({ do: 'revoke-key', id: 'k3y0000002' })).toMatchObject({ outcome: 'refused', code: 'not-found' });
    expect(await ask({ do: 'list-keys' })).toMatchObject({ outcome: 'keys', keys: [{ id: 'k3y0000001' }] });
    expect(await ask({ do: 'list-keys' }, { of: null })).toMatchObject({ outcome: 'refused', code: 'invalid' });
    for (const change of ['revoke-key', 'disable-key', 'enable-key', 'show-key'] as const) {
      expect(await ask({ do: change, id: 'k3y0000002' }, { of: null })).toMatchObject({ code: 'not-found' });
    }
  });

  it('tells gateways everything again when their table does not outlive the process', async () => {
    const secret = await opened(await ask(issue('k3y0000001')));
    await ask(issue('k3y0000002'));
    await ask({ do: 'revoke-key', id: 'k3y0000002' });
    await stop();
    await start();
    expect(await state('k3y0000001')).toMatchObject({ secretSha256: sha256(secret), status: 'live' });
    expect(await state('k3y0000002')).toMatchObject({ status: 'revoked' });
  });

  it('mends an entry of the table that cannot be read', async () => {
    await ask(issue('k3y0000001'));
    await table.put(topics.keysState.name, [{ key: 'k3y0000001', value: '{' }]);
    await stop();
    await start({ keeping: table });
    expect(await state('k3y0000001')).toMatchObject({ status: 'live' });
  });

  it('tells gateways at start what a crash kept from them, and nothing that they know', async () => {
    await ask(issue('k3y0000001'));
    await ask(issue('k3y0000002'));
    table.isAway = true;
    const before = table.attempts;
    void ask({ do: 'revoke-key', id: 'k3y0000001' });
    await eventually(() => table.attempts > before);
    await stop();
    table.isAway = false;
    table.attempts = 0;
    await start({ keeping: table });
    expect(await state('k3y0000001')).toMatchObject({ status: 'revoked', version: 2 });
    expect(table.attempts).toBe(1);
    expect(await ask({ do: 'list-keys' })).toMatchObject({ keys: [{}, {}] });
  });

  it('carries a late revocation out, but issues nothing that nobody waits for', async () => {
    const deadline = new Date(Date.now() - 1000).toISOString();
    await ask(issue('k3y0000001'));
    expect(await ask(issue('k3y0000002'), { deadline })).toMatchObject({ outcome: 'hindered' });
    expect(await ask({ do: 'revoke-key', id: 'k3y0000001' }, { deadline })).toMatchObject({ outcome: 'revoked' });
    expect(await ask({ do: 'list-keys' })).toMatchObject({ keys: [{ id: 'k3y0000001', status: 'revoked' }] });
  });

  it('goes on after a message that is no command', async () => {
    await log.send(topics.keysCommands.name, [
      { key: directory, value: 'not JSON' },
      { key: directory, value: '{"do":"issue-key"}' },
    ]);
    expect(await ask({ ...issue('k3y0000001'), expiresInDays: 0 })).toMatchObject({
      outcome: 'refused',
      text: expect.stringContaining('expiresInDays'),
    });
    expect(await ask(issue('k3y0000001'))).toMatchObject({ outcome: 'issued' });
  });

  it('refuses what breaks a rule, and says which', async () => {
    expect(await ask({ ...issue('k3y0000001'), expiresInDays: 731 })).toMatchObject({
      outcome: 'refused',
      code: 'invalid',
      text: expect.stringContaining('730'),
    });
    expect(await ask({ ...issue('k3y0000001'), sealTo: {} })).toMatchObject({ outcome: 'refused', code: 'invalid' });
    expect(await ask(issue("'; drop--"))).toMatchObject({ outcome: 'refused', code: 'invalid' });
    expect(await table.snapshot(topics.keysState.name)).toEqual(new Map());
  });
});

describe('the life of a key', () => {
  it('is held by a directory twice at most, until it is allowed more', async () => {
    await ask(issue('k3y0000001'));
    await ask(issue('k3y0000002'));
    const refused = await ask(issue('k3y0000003'));
    expect(refused).toMatchObject({
      outcome: 'refused',
      code: 'conflict',
      text: expect.stringContaining('k3y0000002'),
    });
    expect(await ask(issue('k3y0000003'), { of: another })).toMatchObject({ outcome: 'issued' });
    expect(await ask({ do: 'allow-keys', liveKeysMax: 3 })).toEqual({ outcome: 'allowed', liveKeysMax: 3 });
    expect(await ask(issue('k3y0000004'))).toMatchObject({ outcome: 'issued' });
    await ask({ do: 'revoke-key', id: 'k3y0000001' });
    expect(await ask(issue('k3y0000005'))).toMatchObject({ outcome: 'issued' });
    expect(await ask(issue('k3y0000006'))).toMatchObject({ code: 'conflict' });
  });

  it('has room for two also when ten are asked for at once, by two instances', async () => {
    const bus = running().get(CommandBus, { strict: false });
    const ids = Array.from({ length: 10 }, (_, place) => `k3y000001${place}`);
    const all = await Promise.all(
      ids.map((id) =>
        bus.execute<ActOnKey, KeyReply>(
          new ActOnKey(
            { id: randomUUID(), actor: { kind: 'operator', id: 'spec' }, deadline: '2100-01-01T00:00:00Z' },
            directory,
            issue(id),
          ),
        ),
      ),
    );
    expect(all.filter(({ outcome }) => outcome === 'issued')).toHaveLength(2);
  });

  it('is disabled and enabled again, and gateways know', async () => {
    await ask(issue('k3y0000001'));
    expect(await ask({ do: 'disable-key', id: 'k3y0000001' })).toMatchObject({ key: { status: 'disabled' } });
    expect(await state('k3y0000001')).toMatchObject({ status: 'disabled', version: 2 });
    expect(await ask({ do: 'enable-key', id: 'k3y0000001' })).toMatchObject({ key: { status: 'live' } });
    expect(await state('k3y0000001')).toMatchObject({ status: 'live', version: 3 });
    const shown = await ask({ do: 'show-key', id: 'k3y0000001' });
    expect(shown).toMatchObject({ history: [{ what: 'issued' }, { what: 'disabled' }, { what: 'enabled' }] });
  });

  it('goes over to another one in one decision: the old key’s end is set, the new one works, or neither', async () => {
    await ask({ ...issue('k3y0000001'), requestsPerSecond: 9 });
    const rotate = { do: 'rotate-key', id: 'k3y0000001', successor: 'k3y0000002', grace: '1h', sealTo } as const;
    const id = randomUUID();
    const reply = await ask(rotate, { id });
    expect(reply).toMatchObject({ outcome: 'rotated', key: { name: 'Entra', requestsPerSecond: 9, status: 'live' } });
    expect(await ask(rotate, { id })).toEqual(reply);
    const [old, next] = [await state('k3y0000001'), await state('k3y0000002')];
    expect(Math.round((Date.parse(old?.expiresAt ?? '') - Date.now()) / 60_000)).toBe(60);
    expect(next).toMatchObject({ secretSha256: sha256(await opened(reply)), status: 'live', requestsPerSecond: 9 });
    expect([await events('key-k3y0000001'), await events('key-k3y0000002')]).toEqual([
      ['KeyIssued', 'KeyRotated'],
      ['KeyIssued'],
    ]);

    const again = await ask({ ...rotate, id: 'k3y0000002', successor: 'k3y0000001' });
    expect(again).toMatchObject({ outcome: 'refused', code: 'already-exists' });
    expect(await events('key-k3y0000002')).toEqual(['KeyIssued']);
    const atOnce = await ask({ ...rotate, id: 'k3y0000002', successor: 'k3y0000003', grace: 'now' });
    expect(atOnce).toMatchObject({ outcome: 'rotated', old: { status: 'revoked' } });
    expect(await state('k3y0000002')).toMatchObject({ status: 'revoked' });
  });

  it('may reach all directories, when that is asked for and no directory named', async () => {
    const admin = { ...issue('adm0000001'), reach: 'all' } as const;
    expect(await ask(admin)).toMatchObject({ outcome: 'refused', code: 'invalid' });
    expect(await ask(issue('adm0000001'), { of: null })).toMatchObject({ outcome: 'refused', code: 'invalid' });
    expect(await ask(admin, { of: null })).toMatchObject({ outcome: 'issued', key: { directory: null } });
    expect(await state('adm0000001')).toMatchObject({ directory: null });
    expect(await ask({ do: 'list-keys', reach: 'all' }, { of: null })).toMatchObject({ keys: [{ id: 'adm0000001' }] });
    expect(await ask({ do: 'revoke-key', id: 'adm0000001' })).toMatchObject({ code: 'not-found' });
    expect(await ask({ do: 'revoke-key', id: 'adm0000001' }, { of: null })).toMatchObject({ outcome: 'revoked' });
  });

  it('shows when it was last used, to the minute, with no more than one write for it', async () => {
    await ask(issue('k3y0000001'));
    await used('k3y0000001', '2026-03-01T10:00:00.000Z');
    const lastUsedNow = async () => {
      const reply = await ask({ do: 'list-keys' });
      return reply.outcome === 'keys' ? reply.keys[0]?.lastUsed : undefined;
    };
    const lastUsed = { at: '2026-03-01T10:00:00.000Z', address: '192.0.2.7', userAgent: 'spec' };
    await eventually(async () => isEqual(await lastUsedNow(), lastUsed));
    await used('k3y0000001', '2026-03-01T10:00:59.000Z');
    await used('k3y0000001', '2026-03-01T10:01:00.000Z');
    const later = { ...lastUsed, at: '2026-03-01T10:01:00.000Z' };
    await eventually(async () => isEqual(await lastUsedNow(), later));
  });
});

describe('the end of a key', () => {
  const look = async (days: number): Promise<KeyExpiry[]> => {
    clock.aheadMs = days * DAY_MS;
    const before = told.length;
    await running().get(ExpiryWatch, { strict: false }).look();
    await running().get(ExpiryWatch, { strict: false }).look();
    return told.slice(before).map(({ data }) => data);
  };
  const told: Envelope<KeyExpiry>[] = [];

  beforeEach(async () => {
    told.length = 0;
    await log.work({
      topic: topics.keysNotices.name,
      group: 'spec',
      handle: (messages) => {
        for (const { value } of messages) told.push(parseKeyExpiry(JSON.parse(value)));
        return Promise.resolve();
      },
      failed: (error) => expect(error).toBeUndefined(),
    });
  });

  it('is told 90, 30, 7 and 1 days ahead and when it comes, once each', async () => {
    await ask(issue('k3y0000001'));
    await ask({ ...issue('k3y0000002'), expiresInDays: null });
    for (const [day, step] of [
      [275, 90],
      [335, 30],
      [358, 7],
      [364, 1],
      [365, 0],
    ] as const) {
      expect(await look(day - 0.01)).toEqual([]);
      await look(day);
      await eventually(() => told.at(-1)?.data.daysLeft === step);
    }
    expect(told).toHaveLength(5);
    expect(new Set(told.map(({ id }) => id)).size).toBe(5);
    expect(told[0]).toMatchObject({ directory, data: { credential: 'key', id: 'k3y0000001', name: 'Entra' } });
    expect(await look(380)).toEqual([]);
  });

  it('is no news of a key that was rotated, unless it is used all the same', async () => {
    await ask(issue('k3y0000001'));
    await ask({ do: 'rotate-key', id: 'k3y0000001', successor: 'k3y0000002', grace: '7d', sealTo });
    await look(6.5);
    await used('k3y0000001', new Date(Date.now() + DAY_MS).toISOString());
    await eventually(async () => JSON.stringify(await ask({ do: 'list-keys' })).includes('"userAgent":"spec"'));
    expect(told).toEqual([]);
    await look(6.6);
    await eventually(() => told.length > 0);
    expect(told).toMatchObject([{ data: { id: 'k3y0000001', daysLeft: 1, successor: 'k3y0000002' } }]);
  });

  it('is no news of a key that was revoked or is disabled', async () => {
    await ask(issue('k3y0000001'));
    await ask(issue('k3y0000002'));
    await ask({ do: 'revoke-key', id: 'k3y0000001' });
    await ask({ do: 'disable-key', id: 'k3y0000002' });
    await look(360);
    await ask({ do: 'list-keys' });
    expect(told).toEqual([]);
  });
});

describe('a client', () => {
  const register = (id = 'rc_client0001') => {
    const about = { do: 'register-client', id, name: 'Entra', scopes: ['scim:read'] } as const;
    return ask({ ...about, scopes: [...about.scopes], secret: { id: `s${id.slice(4)}`, expiresInDays: 30, sealTo } });
  };
  const token = async (secret: string, more: { id?: string; sha256?: string } = {}) =>
    ask(
      {
        do: 'issue-token',
        id: 'rc_client0001',
        scopes: null,
        issuer: 'https://roster.example',
        audience: 'https://roster.example/v2',
        proof: { kind: 'secret', secretId: secret.slice(3, 13), sha256: more.sha256 ?? sha256(secret) },
        sealTo,
      },
      { id: more.id },
    );
  const read = async (reply: KeyReply) => {
    if (reply.outcome !== 'token') throw new Error(`no token: ${JSON.stringify(reply)}`);
    const { plaintext } = await compactDecrypt(reply.sealedToken, asker.privateKey);
    const signed = new TextDecoder().decode(plaintext);
    return { signed, kid: decodeProtectedHeader(signed).kid ?? '', claims: decodeJwt(signed) };
  };
  const signingKeys = async () =>
    [...(await table.snapshot(topics.keysState.name)).keys()].filter((id) => id.startsWith('signing-key:'));

  it('gets a token that only the asker can open, and nothing of it is kept', async () => {
    const secret = await opened(await register());
    const { signed, claims } = await read(await token(secret));
    expect(claims).toMatchObject({
      client_id: 'rc_client0001',
      directory,
      scope: 'scim:read',
      secret_id: secret.slice(3, 13),
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
    const kept = await database.query(
      'all_of_clients',
      `select data::text from event union all select reply::text from command_result union all select client::text from client
       union all select signing_key::text from signing_key`,
    );
    for (const text of [signed, secret]) expect(JSON.stringify(kept)).not.toContain(text.slice(-40));
    expect(JSON.stringify(kept)).not.toMatch(/"d"/);
  });

  it('gets none with another hash, nor once it is revoked', async () => {
    const secret = await opened(await register());
    expect(await token(secret, { sha256: 'b'.repeat(64) })).toMatchObject({
      outcome: 'no-token',
      error: 'invalid_client',
    });
    await ask({ do: 'revoke-client', id: 'rc_client0001' });
    expect(await token(secret)).toMatchObject({ outcome: 'no-token', text: expect.stringContaining('revoked') });
  });

  it('has its tokens signed with another key each day; gateways know each as long as a token of it may live', async () => {
    const secret = await opened(await register());
    const first = await read(await token(secret));
    expect(await read(await token(secret))).toMatchObject({ kid: first.kid });
    clock.aheadMs = 1.05 * DAY_MS;
    const second = await read(await token(secret));
    expect(await signingKeys()).toEqual([`signing-key:${first.kid}`, `signing-key:${second.kid}`]);
    clock.aheadMs = 2.1 * DAY_MS;
    const third = await read(await token(secret));
    expect(await signingKeys()).toEqual([`signing-key:${second.kid}`, `signing-key:${third.kid}`]);
  });

  it('is known to gateways after a restart, with the keys of its tokens', async () => {
    const secret = await opened(await register());
    const { kid } = await read(await token(secret));
    await stop();
    await start();
    expect(await signingKeys()).toEqual([`signing-key:${kid}`]);
    expect((await table.snapshot(topics.keysState.name)).get('rc_client0001')).toContain('"status":"live"');
    expect((await read(await token(secret))).kid).not.toBe(kid);
  });

  it('whose secret ends is told of as a key is', async () => {
    await register();
    const told: KeyExpiry[] = [];
    await log.work({
      topic: topics.keysNotices.name,
      group: 'spec of secrets',
      handle: (messages) => {
        for (const { value } of messages) told.push(parseKeyExpiry(JSON.parse(value)).data);
        return Promise.resolve();
      },
      failed: (error) => expect(error).toBeUndefined(),
    });
    clock.aheadMs = 24 * DAY_MS;
    await running().get(ExpiryWatch, { strict: false }).look();
    await eventually(() => told.length > 0);
    expect(told).toMatchObject([{ credential: 'client-secret', client: 'rc_client0001', name: 'Entra', daysLeft: 7 }]);
  });
});

async function start({ keeping }: { keeping?: MovingStateTable } = {}): Promise<void> {
  log = new InProcessCommandLog(4);
  replies = new InProcessReplyChannel(Date.now);
  table = keeping ?? new MovingStateTable(Date.now);
  const providers = [
    { provide: CommandLog, useValue: log },
    { provide: ReplyChannel, useValue: replies },
    { provide: StateTable, useValue: table },
  ];
  const transport = { module: Transport, global: true, providers, exports: providers };
  const host = { module: Host, imports: [transport, KeysModule.forRoot({ databaseUrl: place.url, clock })] };
  app = await NestFactory.createApplicationContext(host, { logger: false, abortOnError: false });
}

async function stop(): Promise<void> {
  await app?.close();
  app = undefined;
}

function running(): INestApplicationContext {
  if (app === undefined) throw new Error('the key service does not run');
  return app;
}

function issue(id: string): KeyCommand & { do: 'issue-key' } {
  return { do: 'issue-key', id, name: 'Entra', scopes: ['scim:read', 'scim:write'], expiresInDays: 365, sealTo };
}

interface Circumstances {
  id?: string;
  of?: string | null;
  deadline?: string;
}

async function ask(
  data: KeyCommand,
  { id = randomUUID(), of = directory, deadline = new Date(Date.now() + 10_000).toISOString() }: Circumstances = {},
): Promise<KeyReply> {
  const answer = Promise.withResolvers<KeyReply>();
  const inbox = await replies.listen(`asker-${randomUUID()}`, ({ requestId, value }) => {
    if (requestId === id) answer.resolve(keyReply.parse(JSON.parse(value)));
  });
  const time = new Date().toISOString();
  const said = { id, type: 'keys.command', schemaVersion: 1, time, correlationId: id, causationId: null };
  const request = { ...said, actor: { kind: 'operator', id: 'spec' }, directory: of, data, deadline };
  const value = JSON.stringify({ ...request, replyTo: inbox.address });
  await log.send(topics.keysCommands.name, [{ key: of ?? 'nobody', value }]);
  return answer.promise.finally(() => inbox.close());
}

async function opened(reply: KeyReply): Promise<string> {
  if (!('sealedSecret' in reply) || reply.sealedSecret === undefined)
    throw new Error(`not issued: ${JSON.stringify(reply)}`);
  const { plaintext } = await compactDecrypt(reply.sealedSecret, asker.privateKey);
  return new TextDecoder().decode(plaintext);
}

/** Tells of a request as a gateway does. */
async function used(keyId: string, time: string): Promise<void> {
  const data = requestOf(keyId, { client: { address: '192.0.2.7', userAgent: 'spec' } });
  const id = randomUUID();
  const said = { id, type: 'provisioning.activity', schemaVersion: 1, time, correlationId: id, causationId: null };
  const message = { ...said, actor: { kind: 'key', id: keyId }, directory, data };
  await log.send(topics.provisioningActivity.name, [{ key: directory, value: JSON.stringify(message) }]);
}

async function state(id: string): Promise<KeyState | undefined> {
  const value = (await table.snapshot(topics.keysState.name)).get(id);
  return value === undefined ? undefined : (JSON.parse(value) as KeyState);
}

async function events(stream: string): Promise<string[]> {
  const text = 'select type from event where stream = $1 order by version';
  return (await database.query<{ type: string }>('event_types', text, [stream])).map(({ type }) => type);
}

function problems(): string[] {
  return running().get(Readiness, { strict: false }).problems();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
