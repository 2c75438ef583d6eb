import type { Statements } from '#libs/postgres';
import type { Change } from '../log/caused.js';

const HOUR_MS = 60 * 60_000;
const DEPROVISIONING = new Set(['directory.user.deactivated.v1', 'directory.user.deleted.v1']);
const BACK = new Set(['directory.user.reactivated.v1', 'directory.user.created.v1']);

/** Notes which users were disabled or deleted, each once, and takes out who came back. What is older than an hour is of no interest. */
export async function noteGone(statements: Statements, changes: readonly Change[], now: Date): Promise<void> {
  const last = new Map<string, Change>();
  for (const change of changes) {
    if (now.getTime() - Date.parse(change.time) > HOUR_MS) continue;
    if (DEPROVISIONING.has(change.type) || BACK.has(change.type))
      last.set(`${change.directory} ${change.subject}`, change);
  }
  const gone = [...last.values()].filter(({ type }) => DEPROVISIONING.has(type));
  const back = [...last.values()].filter(({ type }) => BACK.has(type));
  if (gone.length > 0) {
    await statements.query(
      'gone_keep',
      `insert into gone (directory, subject, at) select * from unnest($1::uuid[], $2::text[], $3::timestamptz[])
       on conflict do nothing`,
      [gone.map(({ directory }) => directory), gone.map(({ subject }) => subject), gone.map(({ time }) => time)],
    );
  }
  if (back.length > 0) {
    await statements.query(
      'gone_back',
      `delete from gone g using unnest($1::uuid[], $2::text[]) b(directory, subject)
       where g.directory = b.directory and g.subject = b.subject`,
      [back.map(({ directory }) => directory), back.map(({ subject }) => subject)],
    );
  }
}

/** How many users of each directory were disabled or deleted within the hour, where they are more than `min`. */
export function manyGone(
  statements: Statements,
  min: number,
  now: Date,
): Promise<{ directory: string; gone: number }[]> {
  return statements.query(
    'gone_many',
    `select directory, count(*)::int as gone from gone where at > $1 group by directory having count(*) > $2`,
    [new Date(now.getTime() - HOUR_MS), min],
  );
}

export async function pruneGone(statements: Statements, now: Date): Promise<void> {
  await statements.query('gone_prune', 'delete from gone where at < $1', [new Date(now.getTime() - HOUR_MS)]);
}
