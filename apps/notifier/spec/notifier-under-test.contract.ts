import { randomUUID } from 'node:crypto';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type Activity,
  type IncidentSummary,
  type NotifierCommand,
  type NotifierReply,
  notifierReply,
  topics,
} from '#libs/contracts';
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
import { NotifierModule, type NotifierSettings } from '../src/notifier.module.js';
import { NOTIFIER_SCHEMA } from '../src/notifier.schema.js';
import { MailServer } from './mail-server.contract.js';

export const acme = '0197a000-0000-7000-8000-000000000001';
export const globex = '0197a000-0000-7000-8000-000000000002';
export const ada = 'ada@example.com';
export const bob = 'bob@example.com';

@Module({})
class Host {}

@Module({})
class Transport {}

export class TurnedClock extends Clock {
  private at = Date.parse('2026-03-01T10:00:00Z');

  now(): Date {
    return new Date(this.at);
  }

  turn(seconds: number): void {
    this.at += seconds * 1000;
  }
}

type Outcome<Name extends NotifierReply['outcome']> = Extract<NotifierReply, { outcome: Name }>;

/** The notifier on a real database and a real mail server, with a clock that the test turns. */
export class NotifierUnderTest {
  readonly clock = new TurnedClock();
  readonly mail = new MailServer();
  readonly log = new InProcessCommandLog(4);
  readonly changes = new InProcessChangeLog();
  private readonly replies = new InProcessReplyChannel(Date.now);
  private readonly apps: INestApplicationContext[] = [];
  private readonly counted = { heard: 0 };

  private constructor(
    private readonly place: Awaited<ReturnType<typeof freshDatabase>>,
    readonly database: Database,
  ) {}

  get databaseUrl(): string {
    return this.place.url;
  }

  static async make(): Promise<NotifierUnderTest> {
    const place = await freshDatabase(process.env.DATABASE_ADMIN_URL ?? '');
    const database = openDatabase({ url: place.url, schema: NOTIFIER_SCHEMA, poolMax: 2 });
    await database.query('schema_make', `create schema ${NOTIFIER_SCHEMA}`);
    const made = new NotifierUnderTest(place, database);
    await made.mail.open();
    return made;
  }

  start(settings: Partial<NotifierSettings> = {}): Promise<void> {
    return this.startOn([this.log, this.replies, this.changes], settings);
  }

  /** Another notifier on the same database and mail server, which hears nothing itself. */
  startApart(): Promise<void> {
    return this.startOn(
      [new InProcessCommandLog(4), new InProcessReplyChannel(Date.now), new InProcessChangeLog()],
      {},
    );
  }

  private async startOn(
    [log, replies, changes]: [CommandLog, ReplyChannel, ChangeLog],
    settings: Partial<NotifierSettings>,
  ): Promise<void> {
    const providers = [
      { provide: CommandLog, useValue: log },
      { provide: ReplyChannel, useValue: replies },
      { provide: ChangeLog, useValue: changes },
    ];
    const transport = { module: Transport, global: true, providers, exports: providers };
    const notifier = NotifierModule.forRoot({
      databaseUrl: this.place.url,
      publicUrl: 'https://roster.example.com',
      secret: 'a secret of the notifier, long enough',
      mail: { from: 'Roster <roster@localhost>', smtpUrl: this.mail.url, folder: '' },
      clock: this.clock,
      ...settings,
    });
    const host = { module: Host, imports: [transport, notifier] };
    const app = await NestFactory.createApplicationContext(host, { logger: ['error'], abortOnError: false });
    this.apps.push(app);
    expect(app.get(Readiness, { strict: false }).problems()).toEqual([]);
  }

  async stop(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
  }

  async end(): Promise<void> {
    await this.stop();
    await this.mail.close();
    await this.database.close();
    await this.place.drop();
  }

  /** Says what a gateway says of requests, and waits until the log has them. */
  async hear(requests: readonly (Partial<Activity> & { id?: string; of?: string | null })[]): Promise<void> {
    const messages = requests.map(({ id = randomUUID(), of = acme, ...data }) => ({
      key: of ?? 'nobody',
      value: JSON.stringify(this.said(id, of, data)),
    }));
    this.counted.heard += messages.length;
    await this.log.send(topics.provisioningActivity.name, messages);
    await this.comesTrue(async () => expect(await this.count('activity')).toBeGreaterThanOrEqual(this.counted.heard));
  }

  /** What is said again counts for nothing. */
  said(id: string, directory: string | null, data: Partial<Activity>) {
    return {
      id,
      type: 'provisioning.activity',
      schemaVersion: 1,
      time: this.clock.now().toISOString(),
      correlationId: id,
      causationId: null,
      actor: { kind: 'key', id: 'k3y0000001' },
      directory,
      data: { ...failed(), ...data },
    };
  }

  /** Stands in for the directory service, as far as it is asked how many users there are. */
  async directoryOf(active: number): Promise<void> {
    await this.log.work({
      topic: topics.directoryQueries.name,
      group: 'directory',
      handle: async (messages) => {
        for (const { value } of messages) {
          const { id, replyTo } = JSON.parse(value) as { id: string; replyTo: string };
          const list = JSON.stringify({ outcome: 'list', total: active, resources: [] });
          await this.replies.reply([{ address: replyTo, requestId: id, value: list }]);
        }
      },
      failed: () => undefined,
    });
  }

  /** Says what the directory says when these users are disabled. */
  async gone(users: readonly string[], of = acme): Promise<void> {
    const writer = await this.changes.open(topics.directoryEvents.name, 0);
    const time = this.clock.now().toISOString();
    await writer.append(
      users.map((subject, place) => ({
        key: of,
        value: JSON.stringify({
          type: 'directory.user.deactivated.v1',
          subject,
          time,
          directory: of,
          sequence: place + 1,
          correlationid: randomUUID(),
        }),
      })),
    );
  }

  async count(table: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `count_${table}`,
      `select count(*)::int as count from ${table}`,
    );
    return row?.count ?? 0;
  }

  async ask<Name extends NotifierReply['outcome']>(
    data: NotifierCommand,
    outcome: Name,
    of: string | null = acme,
  ): Promise<Outcome<Name>> {
    const reply = await this.reply(data, of);
    expect(reply.outcome).toBe(outcome);
    return reply as Outcome<Name>;
  }

  async reply(data: NotifierCommand, of: string | null = acme): Promise<NotifierReply> {
    const id = randomUUID();
    const answer = Promise.withResolvers<NotifierReply>();
    const inbox = await this.replies.listen(`asker-${id}`, ({ value }) => {
      answer.resolve(notifierReply.parse(JSON.parse(value)));
    });
    const said = {
      id,
      type: 'notifier.command',
      schemaVersion: 1,
      time: this.clock.now().toISOString(),
      correlationId: id,
    };
    const more = { causationId: null, actor: { kind: 'operator', id: 'spec' }, directory: of, data };
    const deadline = new Date(this.clock.now().getTime() + 10_000).toISOString();
    const value = JSON.stringify({ ...said, ...more, deadline, replyTo: inbox.address });
    await this.log.send(topics.notifierCommands.name, [{ key: of ?? 'nobody', value }]);
    return answer.promise.finally(() => inbox.close());
  }

  async tell(addresses: string[], of = acme, directoryName = 'Acme'): Promise<void> {
    await this.ask({ do: 'set-addresses', addresses, directoryName }, 'addresses', of);
  }

  async incidents(of: string | null = acme): Promise<IncidentSummary[]> {
    const statuses = ['open', 'acknowledged', 'resolved'] as const;
    return (await this.ask({ do: 'find-incidents', statuses: [...statuses], limit: 100 }, 'incidents', of)).incidents;
  }

  /** Resolves when this many mails have come, and no more come in the time that it takes to look twice. */
  async mails(count: number): Promise<void> {
    await this.comesTrue(() => expect(this.mail.delivered).toHaveLength(count));
  }

  /** Resolves when nothing in `check` fails any more. */
  async comesTrue(check: () => Promise<void> | void): Promise<void> {
    await eventually(
      async () => {
        await check();
        return true;
      },
      { timeoutMs: 20_000 },
    );
  }

  /** Resolves when the notifier has looked at everything once more, as the clock stands. */
  async settled(): Promise<void> {
    const before = await this.looks();
    await this.comesTrue(async () => expect(await this.looks()).toBeGreaterThan(before + 2));
    await this.comesTrue(async () => {
      const [row] = await this.database.query<{ count: number }>(
        'still_due',
        `select (select count(*) from recipients r where look_at <= $1 and exists (select from incident i where i.directory = r.directory))::int
           + (select count(*) from delivery d join mailbox m using (channel, address)
              where done_at is null and given_up_at is null and m.next_try_at <= $1 and m.suppressed_at is null)::int as count`,
        [this.clock.now()],
      );
      expect(row?.count).toBe(0);
    });
  }

  private async looks(): Promise<number> {
    const [row] = await this.database.query<{ calls: number }>(
      'looks',
      `select coalesce(sum(xact_commit), 0)::int as calls from pg_stat_database where datname = current_database()`,
    );
    return row?.calls ?? 0;
  }
}

/** A request that failed, of the most usual kind. */
export const failed = (some: Partial<Activity> = {}): Activity => ({
  keyId: 'k3y0000001',
  method: 'POST',
  path: '/v2/Users',
  resourceType: 'User',
  target: 'grace@example.com',
  status: 409,
  scimType: 'uniqueness',
  detail: 'Another user of this directory has the userName grace@example.com.',
  durationMs: 2,
  request: '{"nickName":"countess"}',
  ...some,
});

export const succeeded = (some: Partial<Activity> = {}): Activity =>
  failed({ status: 201, scimType: null, detail: null, request: null, ...some });
