import { createHash, randomUUID } from 'node:crypto';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { type KeyCommand, type KeyReply, keyReply, type KeyState, topics } from '#libs/contracts';
import {
  CommandLog,
  InProcessCommandLog,
  InProcessReplyChannel,
  InProcessStateTable,
  ReplyChannel,
  StateTable,
} from '#libs/messaging';
import { type Database, openDatabase } from '#libs/postgres';
import { Readiness } from '#libs/service';
import { eventually, freshDatabase } from '#libs/testing';
import { ActOnKey } from './key/key.handler.js';
import { KEYS_SCHEMA } from './keys.schema.js';
import { KeysModule } from './keys.module.js';

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
  const host = { module: Host, imports: [transport, KeysModule.forRoot({ databaseUrl: place.url })] };
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
  if (reply.outcome !== 'issued') throw new Error(`not issued: ${JSON.stringify(reply)}`);
  const { plaintext } = await compactDecrypt(reply.sealedSecret, asker.privateKey);
  return new TextDecoder().decode(plaintext);
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
