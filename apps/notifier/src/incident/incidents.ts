import { Injectable } from '@nestjs/common';
import type { Transaction } from '#libs/postgres';
import type { Group, Round } from '../activity/round.js';
import { clearFailing, directoriesFailing, keepFailing, withNothingFailing } from './failing.store.js';
import type { Because, Count } from './incident.js';
import { actOn, incidentId, incidentOf, lockIncidents } from './incident.store.js';
import { fingerprintOf, type Subject } from './subject.js';

/** Beyond this many at once, failures of a class are one incident, whatever their answers say: a list of hundreds helps nobody. */
const OPEN_MAX = 40;

/** Brings incidents up to date with what was heard. All of it in the transaction of whoever calls, who holds the directory's row. */
@Injectable()
export class Incidents {
  /** Counts the failures of these rounds, and ends incidents of which nothing fails any more. */
  async take(transaction: Transaction, rounds: readonly Round[], now: Date): Promise<void> {
    const failing = await directoriesFailing(
      transaction,
      rounds.map(({ directory }) => directory),
    );
    for (const round of rounds) {
      const touched = new Set<string>();
      if (failing.has(round.directory) && round.successes.length > 0) {
        for (const incident of await clearFailing(transaction, round)) touched.add(incident);
      }
      for (const group of round.groups.values())
        touched.add(await this.count(transaction, round.directory, group, now));
      await this.endCleared(transaction, [...touched], 'success', now);
    }
  }

  /** Opens an alert, or adds what is newly known to the one that is open. */
  async raise(
    transaction: Transaction,
    directory: string,
    alert: { subject: Subject; count: Count },
    now: Date,
  ): Promise<string> {
    const fingerprint = fingerprintOf(alert.subject);
    return this.decide(transaction, { directory, fingerprint, ...alert }, now);
  }

  /** Ends these incidents as far as nothing fails of them any more. */
  async endCleared(transaction: Transaction, ids: readonly string[], because: Because, now: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.end(transaction, await withNothingFailing(transaction, ids), because, now);
  }

  async end(transaction: Transaction, ids: readonly string[], because: Because, now: Date): Promise<void> {
    const at = now.toISOString();
    for (const { incident, ...place } of await lockIncidents(transaction, ids)) {
      await actOn(transaction, place, incident, { do: 'resolve', because, by: 'notifier', at });
    }
  }

  private async count(transaction: Transaction, directory: string, group: Group, now: Date): Promise<string> {
    const { fingerprint, subject, failures, firstAt, lastAt, examples, targets } = group;
    const count = { failures, firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString(), examples, facts: null };
    const id = await this.decide(transaction, { directory, fingerprint, subject, count }, now);
    await keepFailing(transaction, id, directory, [...targets.values()]);
    return id;
  }

  private async decide(
    transaction: Transaction,
    what: { directory: string; fingerprint: string; subject: Subject; count: Count },
    now: Date,
  ): Promise<string> {
    const { directory, count } = what;
    let { fingerprint, subject } = what;
    let found = await incidentOf(transaction, directory, fingerprint, now);
    if (found === undefined && (await openCount(transaction, directory)) >= OPEN_MAX) {
      subject = { ...subject, scimType: null, attribute: null, rule: 'and many more' };
      fingerprint = fingerprintOf(subject);
      found = await incidentOf(transaction, directory, fingerprint, now);
    }
    const id = found?.id ?? incidentId(directory, fingerprint, new Date(count.firstAt));
    const command = { do: 'count', subject, count, at: now.toISOString() } as const;
    await actOn(transaction, { id, directory, fingerprint }, found?.incident ?? null, command);
    return id;
  }
}

async function openCount(transaction: Transaction, directory: string): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    'incident_count',
    `select count(*)::int as count from incident where directory = $1 and status <> 'resolved'`,
    [directory],
  );
  return row?.count ?? 0;
}
