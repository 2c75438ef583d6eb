import { createHash } from 'node:crypto';
import type { Transaction } from '#libs/postgres';
import type { Notice } from './notice.js';
import { type Audience, knownThrough } from './notice.store.js';
import { shortName } from './subject-line.js';
import { tellable } from './tellable.js';

const DAY_MS = 24 * 60 * 60_000;

/** What happened in a directory since yesterday; undefined when there is nothing to tell. */
export async function makeDigest(transaction: Transaction, audience: Audience, now: Date): Promise<Notice | undefined> {
  const { directory, name } = audience;
  const known = await knownThrough(transaction, directory, 'mail', now);
  const incidents = await tellable(transaction, known, now);
  if (incidents.length === 0) return undefined;
  const [day] = await transaction.query<{ operations: number; failures: number; health: string | null }>(
    'digest_day',
    `select coalesce(sum(m.operations), 0)::int as operations, coalesce(sum(m.failures), 0)::int as failures,
       (select w.health from watch w where w.directory = $1) as health
     from activity_minute m where m.directory = $1 and m.minute > $2`,
    [directory, new Date(now.getTime() - DAY_MS)],
  );
  return {
    kind: 'digest',
    directory: { id: directory, name },
    thread: digestThread(directory, now),
    step: 1,
    subject: `Provisioning to ${shortName(name)}: the day`,
    at: now.toISOString(),
    incidents,
    day: { operations: day?.operations ?? 0, failures: day?.failures ?? 0, health: day?.health ?? 'waiting' },
  };
}

/** A thread of its own for each day: one digest of a day, whoever makes it. */
function digestThread(directory: string, now: Date): string {
  const hash = createHash('sha256')
    .update(`digest ${directory} ${now.toISOString().slice(0, 10)}`)
    .digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
