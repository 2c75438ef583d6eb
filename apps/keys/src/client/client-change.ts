import { fold, Refusal } from '#libs/event-sourcing';
import type { KeyCommand, KeyReply } from '#libs/contracts';
import { Database, PostgresEventStore, type Transaction } from '#libs/postgres';
import type { Desk } from '../key/key-change.js';
import { keySetId } from '../key-set/key-set.js';
import { issueSecret } from '../secret.js';
import { type Client, type ClientAction, clientDecider, type ClientEvent } from './client.decider.js';
import { type ClientRow, clientRow, clientSummaryOf } from './client.projection.js';
import { saveClient } from './client.queries.js';
import { mustBeSecretId } from './client.rules.js';

export type ClientChange = Extract<
  KeyCommand,
  { do: 'register-client' | 'add-client-secret' | 'revoke-client-secret' | 'revoke-client' }
>;
type NewSecret = Extract<ClientChange, { do: 'add-client-secret' }>['secret'];

/** Carries one change of a client out within the transaction: events, row, and what is to be answered. Throws Refusal. */
export async function changeClient(desk: Desk, change: ClientChange): Promise<KeyReply> {
  const circumstances = { directory: desk.directory, by: desk.actor, at: desk.now.toISOString() };
  switch (change.do) {
    case 'register-client': {
      const { id, name, scopes, tokenLifeS, federation } = change;
      const made = change.secret && (await newSecret(change.secret));
      const asked = { id, name, scopes, tokenLifeS, federation, secret: made?.secret };
      return answer(desk, await act(desk, id, { do: 'register', ...asked, ...circumstances }), made?.sealed);
    }
    case 'add-client-secret': {
      const { secret, sealed } = await newSecret(change.secret);
      return answer(desk, await act(desk, change.id, { do: 'add-secret', secret, ...circumstances }), sealed);
    }
    case 'revoke-client-secret': {
      const { id, secretId } = change;
      return answer(desk, await act(desk, id, { do: 'revoke-secret', secretId, ...circumstances }));
    }
    case 'revoke-client':
      return answer(desk, await act(desk, change.id, { do: 'revoke', ...circumstances }));
  }
}

async function newSecret({ id, expiresInDays, sealTo }: NewSecret) {
  mustBeSecretId(id);
  const { sha256, sealed } = await issueSecret('rs', id, sealTo);
  return { secret: { id, sha256, expiresInDays }, sealed };
}

function answer({ now }: Desk, { row, isNews }: Acted, sealedSecret?: string): KeyReply {
  const client = clientSummaryOf(row, now);
  if (sealedSecret === undefined) return { outcome: 'client', client };
  if (isNews) return { outcome: 'client', client, sealedSecret };
  throw new Refusal('already-exists', 'This secret has been made already; it is shown once only.');
}

interface Acted {
  row: ClientRow;
  isNews: boolean;
}

async function act({ transaction }: Desk, id: string, action: ClientAction): Promise<Acted> {
  const store = new PostgresEventStore(transaction);
  const { events, version } = await store.read<ClientEvent>(`client-${id}`);
  const news = clientDecider.decide(action, fold(clientDecider, events));
  const row = rowOf(id, fold(clientDecider, [...events, ...news]), version + news.length);
  if (news.length > 0) {
    await store.append(`client-${id}`, version, news);
    await save(transaction, row);
  }
  return { row, isNews: news.length > 0 };
}

function rowOf(id: string, client: Client, version: number): ClientRow {
  if (client.status === 'absent') throw new Error(`client ${id} was decided on and is not there`);
  return clientRow(id, client, client.federation === null ? null : keySetId(client.federation), version);
}

async function save(transaction: Transaction, row: ClientRow): Promise<void> {
  try {
    await saveClient(transaction, row);
  } catch (error) {
    if (!Database.isUniqueViolation(error, 'client_subject')) throw error;
    throw new Refusal('already-exists', 'Another client is known by this issuer and subject; revoke that one first.');
  }
}
