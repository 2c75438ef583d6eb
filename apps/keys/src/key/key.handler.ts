import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { KeyCommand, KeyCommandRequest, KeyReply, KeySummary } from '#libs/contracts';
import { fold, Refusal, VersionConflict } from '#libs/event-sourcing';
import { Database, PostgresEventStore, type Transaction } from '#libs/postgres';
import { Clock } from '#libs/service';
import { issueSecret } from '../secret.js';
import { firstReply, keepReply } from './command-result.queries.js';
import { KeyStates } from './key-states.js';
import { type KeyAction, keyDecider, type KeyEvent } from './key.decider.js';
import { keyRow, type KeyRow, summaryOf } from './key.projection.js';
import { keysOf, saveKey } from './key.queries.js';

const ATTEMPTS_MAX = 4;

export type KeyChange = Exclude<KeyCommand, { do: 'list-keys' }>;

/** Issue or revoke one key. The answer comes when it is committed and every gateway's table has been told. */
export class ActOnKey extends Command<KeyReply> {
  constructor(
    readonly request: Pick<KeyCommandRequest, 'id' | 'actor' | 'deadline'>,
    readonly directory: string,
    readonly change: KeyChange,
  ) {
    super();
  }
}

@CommandHandler(ActOnKey)
export class ActOnKeyHandler implements ICommandHandler<ActOnKey> {
  constructor(
    private readonly database: Database,
    private readonly states: KeyStates,
    private readonly clock: Clock,
  ) {}

  async execute(command: ActOnKey): Promise<KeyReply> {
    const reply = await this.commit(command);
    if (reply.outcome === 'issued' || reply.outcome === 'revoked') await this.states.publish(reply.key.id);
    return reply;
  }

  private async commit(command: ActOnKey): Promise<KeyReply> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.database.transaction((transaction) => this.once(transaction, command));
      } catch (error) {
        if (!isLostRace(error) || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** Event, row and answer in one transaction: a command is carried out whole and once, or not at all. */
  private async once(transaction: Transaction, command: ActOnKey): Promise<KeyReply> {
    const { request, change } = command;
    const first = await firstReply(transaction, request.id);
    if (first !== undefined) return first;
    const now = this.clock.now();
    // Nobody could open its secret any more. A revocation is carried out however late it comes.
    if (change.do === 'issue-key' && Date.parse(request.deadline) <= now.getTime()) {
      return { outcome: 'hindered', text: 'The command came after its deadline; no key was issued.' };
    }
    const reply = await this.carryOut(transaction, command, now).catch(refusal);
    await keepReply(transaction, request.id, reply, now);
    return reply;
  }

  private async carryOut(transaction: Transaction, command: ActOnKey, now: Date): Promise<KeyReply> {
    const { request, directory, change } = command;
    const circumstances = { directory, by: request.actor, at: now.toISOString() };
    if (change.do === 'revoke-key') {
      const { row } = await decided(transaction, change.id, { do: 'revoke', ...circumstances });
      return { outcome: 'revoked', key: summaryOf(row, now) };
    }
    const { id, name, scopes, expiresInDays, sealTo } = change;
    const { sha256, sealed } = await issueSecret(id, sealTo);
    const issue: KeyAction = { do: 'issue', id, name, scopes, expiresInDays, secretSha256: sha256, ...circumstances };
    const { row, isNews } = await decided(transaction, id, issue);
    if (isNews) return { outcome: 'issued', key: summaryOf(row, now), sealedSecret: sealed };
    throw new Refusal('already-exists', 'This key has been issued already; its secret is shown once only.');
  }
}

/** The keys of a directory as they stand now. */
export class ListKeys extends Query<KeySummary[]> {
  constructor(readonly directory: string) {
    super();
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory }: ListKeys): Promise<KeySummary[]> {
    const rows = await keysOf(this.database, directory);
    return rows.map((row) => summaryOf(row, this.clock.now()));
  }
}

async function decided(
  transaction: Transaction,
  id: string,
  action: KeyAction,
): Promise<{ row: KeyRow; isNews: boolean }> {
  const store = new PostgresEventStore(transaction);
  const { events, version } = await store.read<KeyEvent>(`key-${id}`);
  const news = keyDecider.decide(action, fold(keyDecider, events));
  const key = fold(keyDecider, [...events, ...news]);
  if (key.status === 'absent') throw new Error(`key ${id} was decided on and is not there`);
  const row = keyRow(id, key, version + news.length);
  if (news.length > 0) {
    await store.append(`key-${id}`, version, news);
    await saveKey(transaction, row);
  }
  return { row, isNews: news.length > 0 };
}

function refusal(error: unknown): KeyReply {
  if (error instanceof Refusal) return { outcome: 'refused', code: error.code, text: error.message };
  throw error;
}

function isLostRace(error: unknown): boolean {
  return error instanceof VersionConflict || Database.isUniqueViolation(error, 'command_result_pkey');
}
