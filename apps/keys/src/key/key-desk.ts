import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { KeyCommandRequest, KeyReply } from '#libs/contracts';
import { ActOnKey, ListKeys } from './key.handler.js';

/** Hands each question to the one who answers it. */
@Injectable()
export class KeyDesk {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async serve(request: KeyCommandRequest): Promise<KeyReply> {
    const { directory, data } = request;
    if (directory === null)
      return { outcome: 'refused', code: 'invalid', text: 'A key belongs to a directory; name one.' };
    if (data.do === 'list-keys') return { outcome: 'keys', keys: await this.queries.execute(new ListKeys(directory)) };
    return this.commands.execute(new ActOnKey(request, directory, data));
  }
}
