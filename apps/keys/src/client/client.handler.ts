import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { ClientSummary, KeyCommandRequest, KeyReply } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { ActOnKey, ActOnKeyHandler } from '../key/key.handler.js';
import { Unreachable } from '../key-set/guarded-get.js';
import { KeySets } from '../key-set/key-sets.js';
import { lastUses } from '../use/use.queries.js';
import type { ClientChange } from './client-change.js';
import { clientSummaryOf } from './client.projection.js';
import { clientsOf } from './client.queries.js';

/** Change a client. One that shows assertions is registered only when its issuer's keys can be read. */
export class ActOnClient extends Command<KeyReply> {
  constructor(
    readonly request: Pick<KeyCommandRequest, 'id' | 'actor' | 'deadline'>,
    readonly directory: string | null,
    readonly change: ClientChange,
  ) {
    super();
  }
}

@CommandHandler(ActOnClient)
export class ActOnClientHandler implements ICommandHandler<ActOnClient> {
  constructor(
    private readonly keySets: KeySets,
    private readonly keys: ActOnKeyHandler,
  ) {}

  async execute({ request, directory, change }: ActOnClient): Promise<KeyReply> {
    try {
      if (change.do === 'register-client' && change.federation !== undefined)
        await this.keySets.read(change.federation);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return { outcome: 'refused', code: 'invalid', text: `The issuer’s keys are not to be had. ${error.message}` };
    }
    return this.keys.execute(new ActOnKey(request, directory, change));
  }
}

/** The clients of a directory as they stand now; null: those that reach all directories. */
export class ListClients extends Query<ClientSummary[]> {
  constructor(readonly directory: string | null) {
    super();
  }
}

@QueryHandler(ListClients)
export class ListClientsHandler implements IQueryHandler<ListClients> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory }: ListClients): Promise<ClientSummary[]> {
    const rows = await clientsOf(this.database, directory);
    const ids = rows.map(({ id }) => id);
    const uses = await lastUses(this.database, ids);
    return rows.map((row) => clientSummaryOf(row, this.clock.now(), uses.get(row.id)));
  }
}

/** Read an issuer's keys again, since a gateway has met one that it does not know. */
export class RenewKeySet extends Command<KeyReply> {
  constructor(readonly id: string) {
    super();
  }
}

@CommandHandler(RenewKeySet)
export class RenewKeySetHandler implements ICommandHandler<RenewKeySet> {
  constructor(private readonly keySets: KeySets) {}

  async execute({ id }: RenewKeySet): Promise<KeyReply> {
    try {
      await this.keySets.renew(id);
      return { outcome: 'key-set' };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return { outcome: 'hindered', text: `The issuer’s keys are not to be had now. ${error.message}` };
    }
  }
}
