import type { QueryBus } from '@nestjs/cqrs';
import { listResponse, wants } from '#libs/scim';
import { rendered } from './answer.js';
import { askerOf, type Called, schemaOf } from './bearer.guard.js';
import { readCursor, writeCursor } from './cursor.js';
import { AskDirectory } from './directory.handler.js';
import type { ListParameters } from './list-parameters.js';

type Find = 'users' | 'groups' | 'all';

/** Pages of users, of groups or of both, by index (RFC 7644 §3.4.2.4) or by cursor (RFC 9865). */
export class Lists {
  constructor(
    private readonly queries: QueryBus,
    private readonly baseUrl: string,
  ) {}

  async page(request: Called, find: Find, parameters: ListParameters): Promise<object> {
    const { filter, startIndex, count, sort, cursor, ...wanted } = parameters;
    const asker = askerOf(request);
    const { version, types } = schemaOf(request);
    const course = [asker.caller.directory, find, filter, sort];
    const after = cursor === undefined ? undefined : readCursor(cursor, course);
    const page = {
      filter,
      startIndex,
      count,
      sort,
      ...(after !== undefined && { after }),
      ...(version > 0 && { schemaVersion: version }),
    };
    const withGroups = wants(types.User, 'groups', wanted);
    const withMembers = wants(types.Group, 'members', wanted);
    const found = await this.queries.execute(
      new AskDirectory(
        asker,
        find === 'users'
          ? { find, ...page, withGroups }
          : find === 'groups'
            ? { find, ...page, withMembers }
            : { find, ...page, withGroups, withMembers },
      ),
    );
    if (found.outcome !== 'list') throw new Error(`a list was asked for, ${found.outcome} came`);
    const resources = found.resources.map((stored) => rendered(types[stored.type], stored, this.baseUrl, wanted));
    if (after === undefined) return listResponse(resources, { total: found.total, startIndex });
    const nextCursor = found.next && writeCursor(found.next, course);
    return listResponse(resources, { total: found.total, nextCursor });
  }
}
