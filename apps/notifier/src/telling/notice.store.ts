import type { Statements, Transaction } from '#libs/postgres';
import type { ChannelName } from '../channels/channel.js';
import type { Incident } from '../incident/incident.js';
import { type Told } from './cadence.js';
import type { Notice } from './notice.js';
import type { Known } from './plan.js';
import { NO_WISHES, type Wishes } from './wishes.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Who is told of a directory, and when. */
export interface Audience {
  directory: string;
  name: string;
  wishes: Wishes;
  digestedAt: Date | null;
}

/** A directory at which it is time to look, with whom to tell; its row is locked, so that one teller decides. */
export async function takeAudience(
  transaction: Transaction,
  now: Date,
  lookAgainMs: number,
): Promise<Audience | undefined> {
  const [row] = await transaction.query<Row>(
    'audience_take',
    `update recipients set look_at = $3 where directory = (
       select r.directory from recipients r where r.look_at <= $1 and ((r.wishes->>'digestAt') is not null or exists (
         select from incident i where i.directory = r.directory and (i.status <> 'resolved' or i.resolved_at > $2)))
       order by r.look_at limit 1 for update skip locked)
     returning directory, directory_name, wishes, digested_at`,
    [now, new Date(now.getTime() - DAY_MS), new Date(now.getTime() + lookAgainMs)],
  );
  if (row === undefined) return undefined;
  const { directory, directory_name: name, wishes, digested_at: digestedAt } = row;
  return { directory, name, wishes: wishes ?? NO_WISHES, digestedAt };
}

/** Waits until nobody else counts failures of this directory: whoever locks several of its incidents holds this first. */
export async function lockDirectory(transaction: Transaction, directory: string): Promise<void> {
  await transaction.query('directory_lock', 'select from watch where directory = $1 for update', [directory]);
}

interface Row extends Record<string, unknown> {
  directory: string;
  directory_name: string;
  wishes: Wishes | null;
  digested_at: Date | null;
}

/** The incidents of a directory that there may be something to tell of, with what people know through this channel. */
export async function knownThrough(
  transaction: Transaction,
  directory: string,
  channel: ChannelName,
  now: Date,
): Promise<Known[]> {
  const rows = await transaction.query<{ id: string; state: Incident; told: Partial<Record<ChannelName, Told>> }>(
    'told_known',
    `select id, state, told from incident where directory = $1 and (status <> 'resolved' or resolved_at > $2)
     order by opened_at, id for update`,
    [directory, new Date(now.getTime() - DAY_MS)],
  );
  return rows.map(({ id, state, told }) => ({ id, incident: state, told: told[channel] ?? null }));
}

export async function saveTold(transaction: Transaction, id: string, channel: ChannelName, told: Told): Promise<void> {
  await transaction.query(
    'told_save',
    'update incident set told = told || jsonb_build_object($2::text, $3::jsonb) where id = $1',
    [id, channel, JSON.stringify(told)],
  );
}

export async function madeInHour(
  transaction: Transaction,
  directory: string,
  channel: ChannelName,
  now: Date,
): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    'notice_rate',
    `select count(*)::int as count from notice where directory = $1 and channel = $2 and made_at > $3 and kind not in ('test', 'digest')`,
    [directory, channel, new Date(now.getTime() - HOUR_MS)],
  );
  return row?.count ?? 0;
}

export async function nextStep(transaction: Transaction, channel: ChannelName, thread: string): Promise<number> {
  const [row] = await transaction.query<{ step: number }>(
    'notice_step',
    'select coalesce(max(step), 0) + 1 as step from notice where channel = $1 and thread = $2',
    [channel, thread],
  );
  return row?.step ?? 1;
}

/** Keeps a notice and puts it into the outbox for each of these addresses. */
export async function keepNotice(
  transaction: Transaction,
  channel: ChannelName,
  notice: Notice,
  addresses: readonly string[],
  now: Date,
): Promise<void> {
  await transaction.query(
    'notice_keep',
    `with made as (
       insert into notice (directory, channel, thread, step, kind, facts, made_at) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (channel, thread, step) do nothing returning id
     ), boxes as (
       insert into mailbox (channel, address, next_try_at) select $2, a, $7 from unnest($8::text[]) a on conflict do nothing
     )
     insert into delivery (notice, channel, thread, step, address, made_at)
     select made.id, $2, $3, $4, a, $7 from made, unnest($8::text[]) a`,
    [notice.directory.id, channel, notice.thread, notice.step, notice.kind, JSON.stringify(notice), now, addresses],
  );
}

/** Where a directory's notices go through this channel: addresses, or ids of webhooks; never those that want or take nothing. */
export async function addressesOf(statements: Statements, directory: string, channel: ChannelName): Promise<string[]> {
  const rows = await statements.query<{ address: string }>(
    `addresses_${channel}`,
    channel === 'mail'
      ? `select a as address from recipients r, unnest(r.addresses) a where r.directory = $1
           and not exists (select from mailbox m where m.channel = 'mail' and m.address = a and m.suppressed_at is not null)`
      : `select w.id::text as address from webhook w where w.directory = $1
           and not exists (select from mailbox m where m.channel = 'webhook' and m.address = w.id::text and m.suppressed_at is not null)`,
    [directory],
  );
  return rows.map(({ address }) => address);
}

export async function noteDigest(transaction: Transaction, directory: string, now: Date): Promise<void> {
  await transaction.query('digest_note', 'update recipients set digested_at = $2 where directory = $1', [
    directory,
    now,
  ]);
}
