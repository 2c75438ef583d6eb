import type { Statements, Transaction } from '#libs/postgres';
import type { Tally } from './tally.js';

const CLOSED_AT_ONCE_MAX = 50;
const NOTICE_KEPT_DAYS = 30;
// Longer than the log keeps activity, so that even reading all of it again counts nothing twice.
const COUNTED_KEPT_DAYS = 8;

/** Those of these failures that have not been counted yet; from now on they have. */
export async function markCounted(transaction: Transaction, ids: readonly string[], at: Date): Promise<Set<string>> {
  const rows = await transaction.query<{ id: string }>(
    'failure_mark',
    'insert into counted_failure (id, at) select unnest($1::uuid[]), $2 on conflict do nothing returning id',
    [ids, at],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The notice of this directory that still counts, locked; undefined when the last one is closed. */
export async function openNotice(
  transaction: Transaction,
  directory: string,
): Promise<{ id: string; tally: Tally } | undefined> {
  const [row] = await transaction.query<{ id: string; tally: Tally }>(
    'notice_open',
    'select id, tally from notice where directory = $1 and closed_at is null for update',
    [directory],
  );
  return row;
}

export async function saveTally(transaction: Transaction, id: string, tally: Tally): Promise<void> {
  await transaction.query('notice_tally', 'update notice set tally = $2 where id = $1', [id, JSON.stringify(tally)]);
}

/** Begins a notice that is due `collectMs` from now, or `apartMs` after the last one of this directory if that is later. */
export async function beginNotice(
  transaction: Transaction,
  notice: { directory: string; tally: Tally; now: Date; collectMs: number; apartMs: number },
): Promise<void> {
  const { directory, tally, now, collectMs, apartMs } = notice;
  await transaction.query(
    'notice_begin',
    `insert into notice (directory, tally, due_at)
     select $1, $2, greatest($3::timestamptz, max(greatest(due_at, closed_at)) + $4 * interval '1 millisecond')
     from notice where directory = $1`,
    [directory, JSON.stringify(tally), new Date(now.getTime() + collectMs), apartMs],
  );
}

/**
 * Closes the notices that are due and puts a mail for each address into the outbox. While nothing of a directory's last
 * notice could be delivered to anybody, its next one waits and goes on counting: an outage of the mail server ends in
 * one more mail, not in one for each minute.
 */
export async function closeDueNotices(
  statements: Statements,
  now: Date,
): Promise<{ directory: string; addresses: number }[]> {
  return statements.query<{ directory: string; addresses: number }>(
    'notice_close',
    `with due as (
       select n.id from notice n
       where n.closed_at is null and n.due_at <= $1 and not exists (
         select from notice p where p.directory = n.directory and p.closed_at is not null
           and exists (select from mail m where m.notice = p.id and m.sent_at is null and m.given_up_at is null)
           and not exists (select from mail m where m.notice = p.id and m.sent_at is not null)
       )
       order by n.due_at limit ${CLOSED_AT_ONCE_MAX} for update of n skip locked
     ), closed as (
       update notice n set closed_at = $1 from due where n.id = due.id returning n.id, n.directory
     ), mailed as (
       insert into mail (notice, address, created_at, next_try_at)
       select c.id, a.address, $1, $1 from closed c join recipients r on r.directory = c.directory,
         lateral unnest(r.addresses) a(address)
       returning notice
     )
     select c.directory, (select count(*)::int from mailed m where m.notice = c.id) as addresses from closed c`,
    [now],
  );
}

/** Forgets what nobody will ask for any more. */
export async function prune(statements: Statements, now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
  await statements.query('notice_prune', 'delete from notice where closed_at < $1', [daysAgo(NOTICE_KEPT_DAYS)]);
  await statements.query('failure_prune', 'delete from counted_failure where at < $1', [daysAgo(COUNTED_KEPT_DAYS)]);
}
