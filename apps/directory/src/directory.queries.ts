import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { DirectoryQuery, QueryReply, WithBytes } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { asPublicEvent } from './change-feed.js';
import { storedAnswers } from './engine/results.js';
import { changesAfter } from './store/events.js';
import { Rebuilds, RebuildUnderWay } from './rebuild/rebuilds.js';
import { schemaOf } from './schema/schema.queries.js';
import { findPage } from './store/pages.js';
import { findOne, listDirectories } from './store/resources.js';

/** A question to the directory service, about one directory or (null) about all. */
export class AskDirectory extends Query<WithBytes<QueryReply>> {
  constructor(
    readonly directory: string | null,
    readonly query: DirectoryQuery,
  ) {
    super();
  }
}

/** Answers from the read model, which was written in the same statement as the events. */
@QueryHandler(AskDirectory)
export class AskDirectoryHandler implements IQueryHandler<AskDirectory> {
  constructor(
    private readonly database: Database,
    private readonly rebuilds: Rebuilds,
  ) {}

  async execute({ directory, query }: AskDirectory): Promise<WithBytes<QueryReply>> {
    if (query.find === 'directories')
      return { outcome: 'directories', directories: await listDirectories(this.database) };
    if (query.find === 'rebuild') return this.rebuild(query);
    if (directory === null)
      return { outcome: 'refused', code: 'invalid', text: 'This question is about a directory; none was named.' };
    switch (query.find) {
      case 'user':
      case 'group': {
        const related = query.find === 'user' ? query.withGroups : query.withMembers;
        const found = await findOne(this.database, query.find, directory, query.id, related);
        if (found !== null) return { outcome: 'resource', ...found };
        return { outcome: 'refused', code: 'not-found', text: `This directory has no ${query.find} with that id.` };
      }
      case 'users':
      case 'groups':
      case 'all':
        return { outcome: 'list', ...(await findPage(this.database, directory, query)) };
      case 'extensions': {
        const { extensions } = await schemaOf(this.database, directory);
        return { outcome: 'extensions', extensions };
      }
      case 'answer': {
        const answers = await storedAnswers(this.database, [query.command]);
        return { outcome: 'answer', answer: answers.get(query.command) ?? null };
      }
      case 'changes': {
        const events = await changesAfter(this.database, directory, query.after, query.limit);
        return { outcome: 'changes', changes: events.map((event) => ({ ...asPublicEvent(event) })) };
      }
    }
  }

  private async rebuild({ run, begin }: Extract<DirectoryQuery, { find: 'rebuild' }>): Promise<QueryReply> {
    try {
      const found =
        begin === undefined ? await this.rebuilds.find(run) : await this.rebuilds.begin(run, begin === 'check');
      if (found !== null) return { outcome: 'rebuild', rebuild: found };
      return { outcome: 'refused', code: 'not-found', text: 'No such rebuild was ever begun.' };
    } catch (error) {
      if (!(error instanceof RebuildUnderWay)) throw error;
      return { outcome: 'refused', code: 'conflict', text: error.message };
    }
  }
}
