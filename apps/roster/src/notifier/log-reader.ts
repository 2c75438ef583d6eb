import type { LogEntry, LogQuestion } from '#libs/contracts';
import type { NotifierOffice } from './notifier-office.js';

const PAGE = 500;
const ASK_AGAIN_MS = 300;
// Requests that ended close together may be kept in another order than they are asked for.
const LOOK_BACK_MS = 10_000;

export type LogWish = Omit<LogQuestion, 'isNewestFirst' | 'after' | 'limit'>;

/** Every entry of the log that is wished for, oldest first, page by page. */
export async function* wholeLog(
  office: NotifierOffice,
  directory: string | null,
  wish: LogWish,
): AsyncGenerator<LogEntry> {
  let after: LogQuestion['after'];
  for (;;) {
    const entries = await office.findLog(directory, { ...wish, isNewestFirst: false, after, limit: PAGE });
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return;
    after = { at: last.at, id: last.id };
  }
}

/** The newest entries that are wished for, oldest of them first. */
export async function newestOfLog(
  office: NotifierOffice,
  directory: string | null,
  wish: LogWish,
  limit: number,
): Promise<LogEntry[]> {
  return (await office.findLog(directory, { ...wish, isNewestFirst: true, limit })).reverse();
}

/** What the log takes in from now on, until it is interrupted. */
export async function* followLog(
  office: NotifierOffice,
  directory: string | null,
  wish: LogWish,
  known: readonly LogEntry[],
): AsyncGenerator<LogEntry> {
  let seen = new Map(known.map(({ id, receivedAt }) => [id, receivedAt]));
  let newest = [...seen.values()].reduce((latest, at) => (at > latest ? at : latest), wish.since);
  for (;;) {
    const heardSince = new Date(Date.parse(newest) - LOOK_BACK_MS).toISOString();
    for await (const entry of wholeLog(office, directory, { ...wish, heardSince })) {
      if (seen.has(entry.id)) continue;
      seen.set(entry.id, entry.receivedAt);
      if (entry.receivedAt > newest) newest = entry.receivedAt;
      yield entry;
    }
    seen = new Map([...seen].filter(([, receivedAt]) => receivedAt >= heardSince));
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
