import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { KeyCommand, KeyCommandRequest, KeyReply } from '#libs/contracts';
import { ActOnClient, ListClients, RenewKeySet } from '../client/client.handler.js';
import { IssueToken } from '../token/token.handler.js';
import { ActOnKey } from './key.handler.js';
import { ListKeys, ShowKey } from './key-list.handler.js';

/** What makes or lists keys and clients: whether of a directory or of all must be said. */
const REACHING = new Set<KeyCommand['do']>(['issue-key', 'list-keys', 'register-client', 'list-clients']);

/** Hands each question to the one who answers it. */
@Injectable()
export class KeyDesk {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async serve(request: KeyCommandRequest): Promise<KeyReply> {
    const { directory, data } = request;
    if ('reach' in data || REACHING.has(data.do)) {
      // A key to everything is never made by leaving something out.
      if ((directory === null) !== ('reach' in data && data.reach === 'all')) return refused(directory);
    }
    if (data.do === 'list-keys') return { outcome: 'keys', keys: await this.queries.execute(new ListKeys(directory)) };
    if (data.do === 'show-key') return this.queries.execute(new ShowKey(directory, data.id));
    return this.carryOut(request, data);
  }

  private carryOut(
    request: KeyCommandRequest,
    data: Exclude<KeyCommand, { do: 'list-keys' | 'show-key' }>,
  ): Promise<KeyReply> {
    const { id, directory } = request;
    switch (data.do) {
      case 'list-clients':
        return this.queries.execute(new ListClients(directory)).then((clients) => ({ outcome: 'clients', clients }));
      case 'issue-token':
        return this.commands.execute(new IssueToken(id, data));
      case 'renew-key-set':
        return this.commands.execute(new RenewKeySet(data.id));
      case 'register-client':
      case 'add-client-secret':
      case 'revoke-client-secret':
      case 'revoke-client':
        return this.commands.execute(new ActOnClient(request, directory, data));
      default:
        return this.commands.execute(new ActOnKey(request, directory, data));
    }
  }
}

function refused(directory: string | null): KeyReply {
  const text =
    directory === null
      ? 'A key belongs to a directory; name one, or say that it reaches all.'
      : 'A key that reaches all directories belongs to none; name no directory.';
  return { outcome: 'refused', code: 'invalid', text };
}
