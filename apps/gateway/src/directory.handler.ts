import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CommandReply, DirectoryCommand, DirectoryQuery, QueryReply, WithBytes } from '#libs/contracts';
import { type Asker, DirectoryClient } from './directory.client.js';

/** Change the directory that the asker's key belongs to. */
export class ActOnDirectory extends Command<Extract<CommandReply, { outcome: 'done' }>> {
  constructor(
    readonly asker: Asker,
    readonly command: DirectoryCommand,
  ) {
    super();
  }
}

/** Ask something of the directory that the asker's key belongs to. */
export class AskDirectory extends Query<WithBytes<Exclude<QueryReply, { outcome: 'refused' | 'hindered' }>>> {
  constructor(
    readonly asker: Asker,
    readonly query: DirectoryQuery,
  ) {
    super();
  }
}

@CommandHandler(ActOnDirectory)
export class ActOnDirectoryHandler implements ICommandHandler<ActOnDirectory> {
  constructor(private readonly directory: DirectoryClient) {}

  execute({ asker, command }: ActOnDirectory) {
    return this.directory.command(asker, command);
  }
}

@QueryHandler(AskDirectory)
export class AskDirectoryHandler implements IQueryHandler<AskDirectory> {
  constructor(private readonly directory: DirectoryClient) {}

  execute({ asker, query }: AskDirectory) {
    return this.directory.query(asker, query);
  }
}
