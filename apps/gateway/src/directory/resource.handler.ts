import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { DirectoryQuery, StoredResource } from '#libs/contracts';
import type { Asker } from './asker.js';
import type { Listed } from './directory-reply.js';
import { DirectoryClient } from './directory.client.js';

/** Find one user or group by its id. */
export class FindResource extends Query<StoredResource> {
  constructor(
    readonly asker: Asker,
    readonly question: Extract<DirectoryQuery, { find: 'user' | 'group' }>,
  ) {
    super();
  }
}

/** List the users or groups that a filter describes, one page of them. */
export class ListResources extends Query<Listed> {
  constructor(
    readonly asker: Asker,
    readonly question: Extract<DirectoryQuery, { find: 'users' | 'groups' }>,
  ) {
    super();
  }
}

@QueryHandler(FindResource)
export class FindResourceHandler implements IQueryHandler<FindResource> {
  constructor(private readonly directory: DirectoryClient) {}

  async execute({ asker, question }: FindResource): Promise<StoredResource> {
    const reply = await this.directory.ask(asker, question);
    if (reply.outcome !== 'resource')
      throw new Error(`the directory answered ${question.find} with a ${reply.outcome}`);
    return reply.resource;
  }
}

@QueryHandler(ListResources)
export class ListResourcesHandler implements IQueryHandler<ListResources> {
  constructor(private readonly directory: DirectoryClient) {}

  async execute({ asker, question }: ListResources): Promise<Listed> {
    const reply = await this.directory.ask(asker, question);
    if (reply.outcome !== 'list') throw new Error(`the directory answered ${question.find} with a ${reply.outcome}`);
    return reply;
  }
}
