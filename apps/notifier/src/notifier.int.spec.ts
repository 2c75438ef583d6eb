import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { type Activity, type NotifierCommand, type NotifierReply, notifierReply, topics } from '#libs/contracts';
import {
  ChangeLog,
  CommandLog,
  InProcessChangeLog,
  InProcessCommandLog,
  InProcessReplyChannel,
  ReplyChannel,
} from '#libs/messaging';
import { type Database, openDatabase } from '#libs/postgres';
import { Clock, Readiness } from '#libs/service';
import { eventually, freshDatabase } from '#libs/testing';
import { NotifierModule } from './notifier.module.js';
import { NOTIFIER_SCHEMA } from './notifier.schema.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const another = '0197a000-0000-7000-8000-000000000002';
const ada = 'ada@example.com';
const bob = 'bob@example.com';

@Module({})
class Host {}

@Module({})
class Transport {}

class TurnedClock extends Clock {
  private at = Date.parse('2026-03-01T10:00:00Z');

  now(): Date {
    return new Date(this.at);
  }

  turn(seconds: number): void {
    this.at += seconds * 1000;
  }
}

interface Delivered {
  to: string[];
  mail: ParsedMail;
}

let place: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let log: InProcessCommandLog;
let replies: InProcessReplyChannel;
let clock: TurnedClock;
let app: INestApplicationContext | undefined;
let server: SMTPServer | undefined;
let port: number;
let delivered: Delivered[];
let refused: Set<string>;
let asked: string[];

beforeEach(async () => {
  place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
  database = openDatabase({ url: place.url, schema: NOTIFIER_SCHEMA, poolMax: 2 });
  await database.query('schema_make', `create schema ${NOTIFIER_SCHEMA}`);
  clock = new TurnedClock();
  delivered = [];
  refused = new Set();
  asked = [];
  await serve(0);
});

afterEach(async () => {
  await stop();
  await hangUp();
  await database.close();
  await place.drop();
});

describe('a failed request', () => {
  it('becomes one mail to each address of its directory, saying what failed and what to do', async () => {
    await start();
    await tell([ada, bob]);
    await hear({ target: 'grace@example.com' });
    await counts(1);
    clock.turn(2);
    await mails(2);
    expect(delivered.flatMap(({ to }) => to).sort()).toEqual([ada, bob]);
    const { mail } = first();
    expect(mail.subject).toBe('Provisioning to Acme: 1 request failed');
    expect(mail.from?.value).toEqual([{ name: 'Roster', address: 'roster@localhost' }]);
    expect(mail.text).toContain('POST /Users (grace@example.com): 409 uniqueness, userName is taken');
    expect(mail.text).toMatch(/Probable cause:[\s\S]+In Entra:[\s\S]+In Roster:/);
    expect(mail.html).toContain('409 uniqueness');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.messageId).toBe(`<${await noticeId()}@localhost>`);
    expect(JSON.stringify(mail)).not.toContain('countess');
  });

  it('is told before long, but not before its like have been collected', async () => {
    await start();
    await tell([ada]);
    await hear({});
    await counts(1);
    expect(await due()).toEqual([new Date('2026-03-01T10:00:02Z')]);
  });

  it('is counted once, however often the log hands it over', async () => {
    await start();
    await tell([ada]);
    const id = randomUUID();
    await hear({}, { id });
    await hear({}, { id });
    await hear({});
    await counts(2);
    clock.turn(2);
    await mails(1);
    expect(first().mail.subject).toBe('Provisioning to Acme: 2 requests failed');
    await hear({}, { id });
    await hear({});
    await counts(1);
  });

  it('is none when a source only looks whether somebody is there, or nobody knows whose it is', async () => {
    await start();
    await tell([ada]);
    await hear({ method: 'GET', status: 404 });
    await hear({ method: 'DELETE', status: 404 });
    await hear({ status: 201 });
    await hear({ status: 401 }, { of: null });
    await log.send(topics.provisioningActivity.name, [{ key: directory, value: 'not JSON' }]);
    await hear({ status: 400, scimType: 'invalidValue' });
    await counts(1);
  });
});

describe('a hundred failures in a minute', () => {
  it('are one mail with the right count', async () => {
    await start();
    await tell([ada]);
    for (let i = 0; i < 90; i++) await hear({});
    for (let i = 0; i < 10; i++) await hear({ status: 400, scimType: 'invalidPath' });
    await counts(100);
    clock.turn(2);
    await mails(1);
    expect(first().mail.subject).toBe('Provisioning to Acme: 100 requests failed');
    expect(first().mail.text).toMatch(/90 × 409 uniqueness[\s\S]+10 × 400 invalidPath/);
  });

  it('that go on after the first mail are one more a minute later', async () => {
    await start();
    await tell([ada]);
    await hear({});
    await counts(1);
    clock.turn(2);
    await mails(1);
    for (let i = 0; i < 5; i++) await hear({});
    await counts(5);
    expect(await due()).toEqual([new Date('2026-03-01T10:01:02Z')]);
    clock.turn(60);
    await mails(2);
    expect(delivered[1]?.mail.subject).toBe('Provisioning to Acme: 5 requests failed');
  });

  it('of two directories are two mails', async () => {
    await start();
    await tell([ada]);
    await tell([bob], { of: another, name: 'Globex' });
    for (let i = 0; i < 50; i++) await hear({}, { of: i % 2 === 0 ? directory : another });
    await counts(25);
    clock.turn(2);
    await mails(2);
    const subjects = new Map(delivered.map(({ to, mail }) => [to[0], mail.subject]));
    expect(subjects.get(ada)).toBe('Provisioning to Acme: 25 requests failed');
    expect(subjects.get(bob)).toBe('Provisioning to Globex: 25 requests failed');
  });
});

describe('a mail', () => {
  it('waits for a mail server that is away, also over a restart, and what fails meanwhile waits with it', async () => {
    await start();
    await tell([ada]);
    await hangUp();
    await hear({});
    await counts(1);
    clock.turn(2);
    await comesTrue(async () => expect(await attempts(ada)).toEqual([1]));
    for (let minute = 0; minute < 3; minute++) {
      await hear({});
      await hear({});
      await counts(2 * (minute + 1));
      clock.turn(60);
      await comesTrue(async () => expect(await attempts(ada)).toEqual([minute + 2]));
    }
    await stop();
    await serve(port);
    await start();
    clock.turn(900);
    await mails(2);
    expect(delivered.map(({ mail }) => mail.subject)).toEqual([
      'Provisioning to Acme: 1 request failed',
      'Provisioning to Acme: 6 requests failed',
    ]);
  });

  it('is not kept from others by an address that is refused, and is given up after three refusals', async () => {
    refused.add(ada);
    await start();
    await tell([ada, bob]);
    await hear({});
    await counts(1);
    clock.turn(2);
    await mails(1);
    expect(first().to).toEqual([bob]);
    await comesTrue(async () => expect(await attempts(ada)).toEqual([1]));
    clock.turn(5);
    await comesTrue(async () => expect(await attempts(ada)).toEqual([2]));
    clock.turn(10);
    await comesTrue(async () => expect(await givenUp()).toEqual([ada]));
    expect(asked.filter((address) => address === ada)).toHaveLength(3);
  });

  it('is written as a file when there is no mail server, and the place is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'notifier-'));
    const written: string[] = [];
    await start({ folder, written });
    await tell([ada]);
    await hear({});
    await counts(1);
    clock.turn(2);
    await comesTrue(() => expect(written).toHaveLength(1));
    const [path = ''] = written;
    expect(path.startsWith(join(folder, '2026-03-01T10-00-02Z-'))).toBe(true);
    const mail = await simpleParser(await readFile(path));
    expect(mail.subject).toBe('Provisioning to Acme: 1 request failed');
    expect(mail.to).toMatchObject({ value: [{ address: ada }] });
    await rm(folder, { recursive: true });
  });

  it('goes to nobody when nobody is to be told, also not later', async () => {
    await start();
    await hear({});
    await counts(1);
    clock.turn(2);
    await comesTrue(async () => expect(await due()).toEqual([]));
    await tell([ada]);
    await hear({});
    await counts(1);
    clock.turn(60);
    await mails(1);
    expect(first().mail.subject).toBe('Provisioning to Acme: 1 request failed');
  });
});

describe('the notification addresses', () => {
  it('are replaced as a whole, each kept once', async () => {
    await start();
    expect(await tell([ada, bob, 'ADA@example.com'])).toEqual({ outcome: 'addresses', addresses: [ada, bob] });
    expect(await tell([bob])).toEqual({ outcome: 'addresses', addresses: [bob] });
    await hear({});
    await counts(1);
    clock.turn(2);
    await mails(1);
    expect(first().to).toEqual([bob]);
  });

  it('must be addresses, of a directory', async () => {
    await start();
    expect(await tell(['nobody'])).toMatchObject({ outcome: 'refused', text: expect.stringContaining('addresses.0') });
    expect(await tell([ada], { of: null })).toMatchObject({ outcome: 'refused', code: 'invalid' });
  });
});

async function start(options: { folder?: string; written?: string[] } = {}): Promise<void> {
  log = new InProcessCommandLog(4);
  replies = new InProcessReplyChannel(Date.now);
  const providers = [
    { provide: CommandLog, useValue: log },
    { provide: ReplyChannel, useValue: replies },
    { provide: ChangeLog, useValue: new InProcessChangeLog() },
  ];
  const transport = { module: Transport, global: true, providers, exports: providers };
  const { folder, written } = options;
  const notifier = NotifierModule.forRoot({
    databaseUrl: place.url,
    mail: {
      from: 'Roster <roster@localhost>',
      smtpUrl: folder === undefined ? `smtp://127.0.0.1:${port}` : undefined,
      folder: folder ?? '',
    },
    mailWritten: (path) => written?.push(path),
    clock,
  });
  const host = { module: Host, imports: [transport, notifier] };
  app = await NestFactory.createApplicationContext(host, { logger: false, abortOnError: false });
  expect(app.get(Readiness, { strict: false }).problems()).toEqual([]);
}

async function stop(): Promise<void> {
  await app?.close();
  app = undefined;
}

async function serve(at: number): Promise<void> {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      asked.push(address);
      done(refused.has(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : undefined);
    },
    onData(stream, { envelope }, done) {
      void simpleParser(stream).then((mail) => {
        delivered.push({ to: envelope.rcptTo.map(({ address }) => address), mail });
        done();
      }, done);
    },
  });
  const listening = server.listen(at, '127.0.0.1');
  await once(listening, 'listening');
  port = (listening.address() as AddressInfo).port;
}

async function hangUp(): Promise<void> {
  const closing = server;
  server = undefined;
  if (closing !== undefined) await new Promise<void>((resolve) => closing.close(resolve));
}

async function hear(
  data: Partial<Activity>,
  { id = randomUUID(), of = directory }: { id?: string; of?: string | null } = {},
): Promise<void> {
  const activity: Activity = {
    keyId: 'k3y0000001',
    method: 'POST',
    path: '/Users',
    resourceType: 'User',
    target: null,
    status: 409,
    scimType: 'uniqueness',
    detail: 'userName is taken',
    durationMs: 2,
    request: '{"nickName":"countess"}',
    ...data,
  };
  const said = { id, type: 'provisioning.activity', schemaVersion: 1, time: clock.now().toISOString(), directory: of };
  const value = JSON.stringify({
    ...said,
    correlationId: id,
    causationId: null,
    actor: { kind: 'key', id: 'k3y0000001' },
    data: activity,
  });
  await log.send(topics.provisioningActivity.name, [{ key: of ?? 'nobody', value }]);
}

async function tell(
  addresses: string[],
  { of = directory, name = 'Acme' }: { of?: string | null; name?: string } = {},
): Promise<NotifierReply> {
  const id = randomUUID();
  const answer = Promise.withResolvers<NotifierReply>();
  const inbox = await replies.listen(`asker-${id}`, ({ value }) => {
    answer.resolve(notifierReply.parse(JSON.parse(value)));
  });
  const data: NotifierCommand = { do: 'set-addresses', addresses, directoryName: name };
  const said = { id, type: 'notifier.command', schemaVersion: 1, time: clock.now().toISOString(), correlationId: id };
  const deadline = new Date(clock.now().getTime() + 10_000).toISOString();
  const request = {
    ...said,
    causationId: null,
    actor: { kind: 'operator', id: 'spec' },
    directory: of,
    data,
    deadline,
  };
  const value = JSON.stringify({ ...request, replyTo: inbox.address });
  await log.send(topics.notifierCommands.name, [{ key: of ?? 'nobody', value }]);
  return answer.promise.finally(() => inbox.close());
}

/** Resolves when nothing in `check` fails any more. */
async function comesTrue(check: () => Promise<void> | void): Promise<void> {
  await eventually(async () => {
    await check();
    return true;
  });
}

/** Resolves when the open notice of every directory counts this many failures. */
async function counts(failures: number): Promise<void> {
  await comesTrue(async () => {
    const text = `select distinct (tally->>'failures')::int as failures from notice where closed_at is null`;
    expect(await database.query('open_counts', text)).toEqual([{ failures }]);
  });
}

async function mails(count: number): Promise<void> {
  await comesTrue(() => expect(delivered).toHaveLength(count));
}

function first(): Delivered {
  const [mail] = delivered;
  if (mail === undefined) throw new Error('nothing was delivered');
  return mail;
}

async function due(): Promise<Date[]> {
  const text = 'select due_at from notice where closed_at is null';
  return (await database.query<{ due_at: Date }>('due', text)).map(({ due_at }) => due_at);
}

async function noticeId(): Promise<string | undefined> {
  return (await database.query<{ id: string }>('notice_ids', 'select id from notice'))[0]?.id;
}

async function attempts(address: string): Promise<number[]> {
  const text = 'select attempts from mail where address = $1';
  return (await database.query<{ attempts: number }>('attempts', text, [address])).map((row) => row.attempts);
}

async function givenUp(): Promise<string[]> {
  const text = 'select address from mail where given_up_at is not null';
  return (await database.query<{ address: string }>('given_up', text)).map(({ address }) => address);
}
