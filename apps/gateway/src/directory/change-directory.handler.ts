import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DirectoryCommand } from '#libs/contracts';
import type { Asker } from './asker.js';
import type { Done } from './directory-reply.js';
import { DirectoryClient } from './directory.client.js';

/** Change something in a directory; the answer is the resource as it stands afterwards. */
export class ChangeDirectory extends Command<Done> {
  constructor(
    readonly asker: Asker,
    readonly change: DirectoryCommand,
  ) {
    super();
  }
}

@CommandHandler(ChangeDirectory)
export class ChangeDirectoryHandler implements ICommandHandler<ChangeDirectory> {
  constructor(private readonly directory: DirectoryClient) {}

  execute({ asker, change }: ChangeDirectory): Promise<Done> {
    return this.directory.change(asker, change);
  }
}
