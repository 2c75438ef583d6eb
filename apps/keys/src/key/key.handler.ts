import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { KeyCommandRequest, KeyReply } from '#libs/contracts';
import { Refusal, VersionConflict } from '#libs/event-sourcing';
import { Database, type Transaction } from '#libs/postgres';
import { Clock } from '#libs/service';
import { firstReply, keepReply } from './command-result.queries.js';
import { changeClient, type ClientChange } from '../client/client-change.js';
import { KeyStates } from '../states/key-states.js';
import { changeKey, type KeyChange } from './key-change.js';

const ATTEMPTS_MAX = 4;

/** Change the keys or clients of a directory. The answer comes when it is committed and every gateway's table has been told. */
export class ActOnKey extends Command<KeyReply> {
  constructor(
    readonly request: Pick<KeyCommandRequest, 'id' | 'actor' | 'deadline'>,
    readonly directory: string | null,
    readonly change: KeyChange | ClientChange,
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
    // What became of a key, too, when it was the one before: then a crash may have kept it from the gateways.
    if (reply.outcome === 'rotated') await this.states.publish([reply.old.id, reply.key.id]);
    else if ('key' in reply) await this.states.publish([reply.key.id]);
    else if (reply.outcome === 'client') await this.states.publish([reply.client.id]);
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
  private async once(transaction: Transaction, { request, directory, change }: ActOnKey): Promise<KeyReply> {
    const first = await firstReply(transaction, request.id);
    if (first !== undefined) return first;
    const now = this.clock.now();
    // Nobody could open its secret any more. A revocation is carried out however late it comes.
    if (makesSecret(change) && Date.parse(request.deadline) <= now.getTime()) {
      return { outcome: 'hindered', text: 'The command came after its deadline; nothing was issued.' };
    }
    const desk = { transaction, directory, actor: request.actor, now };
    const reply = await (isOfClient(change) ? changeClient(desk, change) : changeKey(desk, change)).catch(refusal);
    await keepReply(transaction, request.id, reply, now);
    return reply;
  }
}

const makesSecret = (change: KeyChange | ClientChange) => 'sealTo' in change || 'secret' in change;

const isOfClient = (change: KeyChange | ClientChange): change is ClientChange => change.do.includes('client');

function refusal(error: unknown): KeyReply {
  if (error instanceof Refusal) return { outcome: 'refused', code: error.code, text: error.message };
  throw error;
}

function isLostRace(error: unknown): boolean {
  return error instanceof VersionConflict || Database.isUniqueViolation(error, 'command_result_pkey');
}
