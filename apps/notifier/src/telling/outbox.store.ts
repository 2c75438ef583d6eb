import type { Statements, Transaction } from '#libs/postgres';
import type { ChannelName } from '../channels/channel.js';
import type { Notice } from './notice.js';

export interface Waiting extends Record<string, unknown> {
  id: string;
  thread: string;
  step: number;
  address: string;
  made_at: Date;
  facts: Notice;
  failures: number;
  refusals: number;
}

/**
 * The oldest notice that waits for an address whose time has come. The address is locked until the transaction ends: nobody
 * else sends to it meanwhile, and what waits for it goes in order.
 */
export async function takeWaiting(
  transaction: Transaction,
  channel: ChannelName,
  now: Date,
): Promise<Waiting | undefined> {
  const [box] = await transaction.query<{ address: string; failures: number; refusals: number }>(
    'outbox_take',
    `select m.address, m.failures, m.refusals from mailbox m
     where m.channel = $1 and m.next_try_at <= $2 and m.suppressed_at is null and exists (
       select from delivery d where d.channel = m.channel and d.address = m.address and d.done_at is null and d.given_up_at is null)
     order by m.next_try_at, m.address limit 1 for update skip locked`,
    [channel, now],
  );
  if (box === undefined) return undefined;
  const [row] = await transaction.query<Waiting>(
    'outbox_oldest',
    `select d.id, d.thread, d.step, d.address, d.made_at, n.facts from delivery d join notice n on n.id = d.notice
     where d.channel = $1 and d.address = $2 and d.done_at is null and d.given_up_at is null order by d.number limit 1`,
    [channel, box.address],
  );
  return row === undefined ? undefined : { ...row, failures: box.failures, refusals: box.refusals };
}

/** What waits to be told now: what is due, what waits for another try, and for how long the oldest has been due. */
export async function outboxDepth(
  statements: Statements,
  now: Date,
): Promise<{ due: number; later: number; oldestDueS: number }> {
  const [row] = await statements.query<{ due: number; later: number; oldest: number | null }>(
    'outbox_depth',
    `select count(*) filter (where m.next_try_at <= $1)::int as due, count(*) filter (where m.next_try_at > $1)::int as later,
       extract(epoch from $1::timestamptz - min(greatest(m.next_try_at, d.made_at)) filter (where m.next_try_at <= $1))::float8 as oldest
     from delivery d join mailbox m on m.channel = d.channel and m.address = d.address
     where d.done_at is null and d.given_up_at is null and m.suppressed_at is null`,
    [now],
  );
  return { due: row?.due ?? 0, later: row?.later ?? 0, oldestDueS: Math.max(0, row?.oldest ?? 0) };
}

export async function markSent(
  transaction: Transaction,
  channel: ChannelName,
  sent: Waiting,
  now: Date,
): Promise<void> {
  await transaction.query(
    'outbox_sent',
    `with done as (update delivery set done_at = $3, attempts = attempts + 1, last_error = null where id = $4)
     update mailbox set failures = 0, refusals = 0, next_try_at = $3, last_error = null where channel = $1 and address = $2`,
    [channel, sent.address, now, sent.id],
  );
}

/** Notes a failed attempt: the address is tried again at `nextTryAt`; the notice is given up when its time is over. */
export async function markFailed(
  transaction: Transaction,
  channel: ChannelName,
  failed: Waiting,
  verdict: {
    now: Date;
    isRefusal: boolean;
    isGivenUp: boolean;
    isSuppressed: boolean;
    nextTryAt: Date;
    reason: string;
  },
): Promise<void> {
  const { now, isRefusal, isGivenUp, isSuppressed, nextTryAt, reason } = verdict;
  await transaction.query(
    'outbox_failed',
    `with tried as (
       update delivery set attempts = attempts + 1, last_error = $3, given_up_at = case when $5 then $4::timestamptz end where id = $6
     ) update mailbox set failures = failures + 1, refusals = case when $7 then refusals + 1 else 0 end, last_error = $3,
         next_try_at = $8, suppressed_at = case when $9 then $4::timestamptz end
       where channel = $1 and address = $2`,
    [channel, failed.address, reason, now, isGivenUp, failed.id, isRefusal, nextTryAt, isSuppressed],
  );
  if (!isSuppressed) return;
  await transaction.query(
    'outbox_give_up',
    `update delivery set given_up_at = $3, last_error = coalesce(last_error, $4)
     where channel = $1 and address = $2 and done_at is null and given_up_at is null`,
    [channel, failed.address, now, reason],
  );
}

/** Lets what waits for these addresses go, and forgets how they answered: they are meant to be told again, or not at all. */
export async function clearMailbox(
  statements: Statements,
  channel: ChannelName,
  addresses: readonly string[],
  now: Date,
): Promise<void> {
  await statements.query(
    'outbox_clear',
    `update mailbox set failures = 0, refusals = 0, suppressed_at = null, last_error = null, next_try_at = $3
     where channel = $1 and address = any($2::text[]) and (suppressed_at is not null or refusals > 0)`,
    [channel, addresses, now],
  );
}
