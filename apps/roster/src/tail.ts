import type { PublicEvent } from '#libs/contracts';
import type { Office } from './office.js';

const EVENTS_PER_QUESTION = 200;
const ASK_AGAIN_MS = 200;

/** Prints a directory's changes from a sequence on, in order; with `follow` until it is interrupted. */
export async function tail(
  office: Office,
  options: { directory: string; from: number; follow: boolean; json: boolean },
  print: (line: string) => void,
): Promise<void> {
  if (!Number.isInteger(options.from) || options.from < 1)
    throw new Error('--from is a sequence: a whole number from 1.');
  let after = options.from - 1;
  for (;;) {
    const changes = await office.changes(options.directory, after, EVENTS_PER_QUESTION);
    for (const change of changes) {
      print(options.json ? JSON.stringify(change) : inALine(change));
      after = change.sequence;
    }
    if (changes.length > 0) continue;
    if (!options.follow) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

/** A change in a line, for people. */
export function inALine({ sequence, time, type, subject, data }: PublicEvent): string {
  const name = data.resource.userName ?? data.resource.displayName ?? data.resource.name;
  const changes = data.changes?.map(({ path }) => path).join(', ');
  const members = data.members?.length;
  const more = [changes, members === undefined ? undefined : `${members} members`].filter((part) => part !== undefined);
  return [String(sequence).padStart(6), time, type, typeof name === 'string' ? name : '', subject, ...more].join('  ');
}
