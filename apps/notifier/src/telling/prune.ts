import type { Statements } from '#libs/postgres';

const DAY_MS = 24 * 60 * 60_000;
const NOTICE_DAYS = 90;
const INCIDENT_DAYS = 90;
const MINUTE_DAYS = 30;
/** Longer than any log keeps what it might hand over again. */
const HEARD_DAYS = 60;

/** Forgets what nobody will ask for any more. */
export async function pruneTelling(statements: Statements, now: Date): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
  await statements.query('prune_notice', 'delete from notice where made_at < $1', [ago(NOTICE_DAYS)]);
  await statements.query('prune_incident', 'delete from incident where resolved_at < $1', [ago(INCIDENT_DAYS)]);
  await statements.query('prune_heard', 'delete from heard where at < $1', [ago(HEARD_DAYS)]);
  await statements.query('prune_minute', 'delete from activity_minute where minute < $1', [ago(MINUTE_DAYS)]);
}
