import type { Actor, KeyCommand, KeyReply } from '#libs/contracts';
import { type Decider, fold, Refusal } from '#libs/event-sourcing';
import { PostgresEventStore, type Transaction } from '#libs/postgres';
import { liveKeysMax, roomDecider } from '../room/room.decider.js';
import { issueSecret } from '../secret.js';
import { type Circumstances, type Key, type KeyAction, keyDecider, type KeyEvent, type Room } from './key.decider.js';
import { keyRow, type KeyRow, summaryOf } from './key.projection.js';
import { liveKeys, saveKey } from './key.queries.js';
import { decideRotation } from './rotation.decider.js';

export type KeyChange = Extract<
  KeyCommand,
  { do: 'issue-key' | 'rotate-key' | 'revoke-key' | 'disable-key' | 'enable-key' | 'limit-key' | 'allow-keys' }
>;

/** What a change of keys is made with. `directory: null` are the keys that reach all directories. */
export interface Desk {
  transaction: Transaction;
  directory: string | null;
  actor: Actor;
  now: Date;
}

/** Carries one change out within the transaction: events, rows, and what is to be answered. Throws Refusal. */
export async function changeKey(desk: Desk, change: KeyChange): Promise<KeyReply> {
  const circumstances = { directory: desk.directory, by: desk.actor, at: desk.now.toISOString() };
  switch (change.do) {
    case 'issue-key':
      return issue(desk, change, circumstances);
    case 'rotate-key':
      return rotate(desk, change, circumstances);
    case 'revoke-key':
      return {
        outcome: 'revoked',
        key: summaryOf(await act(desk, change.id, { do: 'revoke', ...circumstances }), desk.now),
      };
    case 'disable-key':
      return changed(desk, await act(desk, change.id, { do: 'disable', ...circumstances }));
    case 'enable-key':
      return changed(desk, await act(desk, change.id, { do: 'enable', ...circumstances }));
    case 'limit-key': {
      const { requestsPerSecond } = change;
      return changed(desk, await act(desk, change.id, { do: 'limit', requestsPerSecond, ...circumstances }));
    }
    case 'allow-keys':
      return allow(desk, change.liveKeysMax, circumstances);
  }
}

const changed = ({ now }: Desk, row: KeyRow): KeyReply => ({ outcome: 'changed', key: summaryOf(row, now) });

async function issue(
  desk: Desk,
  change: KeyChange & { do: 'issue-key' },
  circumstances: Circumstances,
): Promise<KeyReply> {
  const { id, name, scopes, expiresInDays, requestsPerSecond, sealTo } = change;
  const room = await roomIn(desk);
  const { sha256, sealed } = await issueSecret('rk', id, sealTo);
  const asked = { id, name, scopes, expiresInDays, requestsPerSecond, secretSha256: sha256, room };
  const key = await read(desk, id);
  const news = keyDecider.decide({ do: 'issue', ...asked, ...circumstances }, key.state);
  if (news.length === 0)
    throw new Refusal('already-exists', 'This key has been issued already; its secret is shown once only.');
  return { outcome: 'issued', key: summaryOf(await keep(desk, id, key, news), desk.now), sealedSecret: sealed };
}

async function rotate(
  desk: Desk,
  { id, successor, grace, expiresInDays, sealTo }: KeyChange & { do: 'rotate-key' },
  circumstances: Circumstances,
): Promise<KeyReply> {
  const room = await roomIn(desk);
  const { sha256, sealed } = await issueSecret('rk', successor, sealTo);
  const [old, next] = [await read(desk, id), await read(desk, successor)];
  const asked = { id, successor, grace, expiresInDays, secretSha256: sha256, room };
  const news = decideRotation({ ...asked, ...circumstances }, old.state, next.state);
  if (news.old.length === 0)
    throw new Refusal('already-exists', 'This key has been rotated already; the new secret is shown once only.');
  const ended = await keep(desk, id, old, news.old);
  const made = await keep(desk, successor, next, news.next);
  return { outcome: 'rotated', key: summaryOf(made, desk.now), sealedSecret: sealed, old: summaryOf(ended, desk.now) };
}

async function allow({ transaction, directory }: Desk, max: number, { by, at }: Circumstances): Promise<KeyReply> {
  const { state, version } = await folded(transaction, roomDecider, roomStream(directory));
  const news = roomDecider.decide({ do: 'allow', liveKeysMax: max, by, at }, state);
  await new PostgresEventStore(transaction).append(roomStream(directory), version, news);
  return { outcome: 'allowed', liveKeysMax: max };
}

async function act(desk: Desk, id: string, action: KeyAction): Promise<KeyRow> {
  const key = await read(desk, id);
  return keep(desk, id, key, keyDecider.decide(action, key.state));
}

const roomStream = (directory: string | null) => `room-${directory ?? 'all'}`;

/** Held until the transaction ends: of two who each see room for one more, the second sees what the first has made. */
async function roomIn({ transaction, directory, now }: Desk): Promise<Room> {
  const stream = roomStream(directory);
  await transaction.query('room_hold', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [stream]);
  const { state } = await folded(transaction, roomDecider, stream);
  return { live: await liveKeys(transaction, directory, now), liveMax: liveKeysMax(state, directory) };
}

interface Read {
  state: Key;
  version: number;
}

const read = ({ transaction }: Desk, id: string): Promise<Read> => folded(transaction, keyDecider, `key-${id}`);

async function folded<S, C, E>(transaction: Transaction, decider: Decider<S, C, E>, stream: string) {
  const { events, version } = await new PostgresEventStore(transaction).read<E>(stream);
  return { state: fold(decider, events), version };
}

async function keep({ transaction }: Desk, id: string, before: Read, news: readonly KeyEvent[]): Promise<KeyRow> {
  const key = news.reduce((state, event) => keyDecider.evolve(state, event), before.state);
  if (key.status === 'absent') throw new Error(`key ${id} was decided on and is not there`);
  const row = keyRow(id, key, before.version + news.length);
  if (news.length === 0) return row;
  await new PostgresEventStore(transaction).append(`key-${id}`, before.version, news);
  await saveKey(transaction, row);
  return row;
}
