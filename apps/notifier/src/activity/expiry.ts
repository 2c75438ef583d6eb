import { ALL_DIRECTORIES, type Envelope, type KeyExpiry } from '#libs/contracts';
import type { Transaction } from '#libs/postgres';
import type { AlertFacts } from '../incident/incident.js';
import type { Incidents } from '../incident/incidents.js';
import type { Subject } from '../incident/subject.js';
import { line } from '../log/plain.js';

/** A key's end, step by step, is one incident; that it has come is another, which takes the first one's place. */
export async function takeExpiry(
  transaction: Transaction,
  incidents: Incidents,
  { id, time, directory: whose, data }: Envelope<KeyExpiry>,
  now: Date,
): Promise<void> {
  const directory = whose ?? ALL_DIRECTORIES;
  if (!(await isNew(transaction, id, now))) return;
  const facts: AlertFacts = {
    credential: data.credential,
    keyId: line(data.id),
    keyName: line(data.name),
    client: data.client === null ? null : line(data.client),
    expiresAt: data.expiresAt,
    daysLeft: data.daysLeft,
    successor: data.successor === null ? null : line(data.successor),
    lastUsedAt: data.lastUsedAt,
  };
  const subject = (kind: Subject['class']): Subject => ({
    class: kind,
    scimType: null,
    attribute: null,
    rule: line(data.id),
  });
  const hasEnded = data.daysLeft === 0;
  if (hasEnded) {
    const before = await transaction.query<{ id: string }>(
      'expiry_before',
      `select id from incident where directory = $1 and fingerprint = $2 and status <> 'resolved'`,
      [directory, `key-expiring|||${line(data.id)}`],
    );
    const ids = before.map((row) => row.id);
    if (ids.length > 0) await incidents.end(transaction, ids, 'quiet', now);
  }
  const count = { failures: 1, firstAt: time, lastAt: time, examples: [], facts };
  await incidents.raise(
    transaction,
    directory,
    { subject: subject(hasEnded ? 'key-ended' : 'key-expiring'), count },
    now,
  );
}

/** The same step may be told again; the message's id says so. */
async function isNew(transaction: Transaction, id: string, now: Date): Promise<boolean> {
  const rows = await transaction.query(
    'expiry_heard',
    'insert into heard (id, at) values ($1, $2) on conflict do nothing returning id',
    [id, now],
  );
  return rows.length > 0;
}
