import type { Transaction } from '#libs/postgres';
import type { Tally } from '../notice/tally.js';

export interface PendingMail extends Record<string, unknown> {
  id: string;
  notice: string;
  address: string;
  created_at: Date;
  attempts: number;
  refusals: number;
  tally: Tally;
  closed_at: Date;
  directory_name: string;
}

/** A mail whose time has come, locked: nobody else takes it until the transaction ends. */
export async function takeDueMail(transaction: Transaction, now: Date): Promise<PendingMail | undefined> {
  const [row] = await transaction.query<PendingMail>(
    'mail_take',
    `select m.id, m.notice, m.address, m.created_at, m.attempts, m.refusals, n.tally, n.closed_at, r.directory_name
     from mail m join notice n on n.id = m.notice join recipients r on r.directory = n.directory
     where m.sent_at is null and m.given_up_at is null and m.next_try_at <= $1
     order by m.next_try_at, m.id limit 1 for update of m skip locked`,
    [now],
  );
  return row;
}

export async function markSent(transaction: Transaction, id: string, now: Date): Promise<void> {
  await transaction.query(
    'mail_sent',
    'update mail set sent_at = $2, attempts = attempts + 1, last_error = null where id = $1',
    [id, now],
  );
}

/** Notes a failed attempt: tried again at `nextTryAt`, or never when that is null. */
export async function markFailed(
  transaction: Transaction,
  failed: { id: string; now: Date; isRefusal: boolean; nextTryAt: Date | null; reason: string },
): Promise<void> {
  await transaction.query(
    'mail_failed',
    `update mail set attempts = attempts + 1, refusals = refusals + $2, last_error = $3,
       next_try_at = coalesce($4, next_try_at), given_up_at = case when $4::timestamptz is null then $5::timestamptz end
     where id = $1`,
    [failed.id, failed.isRefusal ? 1 : 0, failed.reason, failed.nextTryAt, failed.now],
  );
}
