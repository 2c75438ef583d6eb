import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { DirectoryCommand, DirectoryQuery, StoredResource } from '#libs/contracts';
import { listResponse, type Resource, type ResourceType, ScimError, wants } from '#libs/scim';
import { describe, rendered } from './answer.js';
import type { Called } from './bearer.guard.js';
import { ActOnDirectory, AskDirectory } from './directory.handler.js';
import type { Asker } from './directory.client.js';
import { readListParameters } from './list-parameters.js';
import { versionsIn } from './versions.js';

/** What users and groups have in common at the door: reading, listing, and rendering what a change left behind. */
export class ResourceDoor {
  constructor(
    private readonly type: ResourceType,
    private readonly related: 'groups' | 'members',
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly baseUrl: string,
  ) {}

  async read(request: Called, reply: FastifyReply, id: string): Promise<Resource | undefined> {
    const wanted = readListParameters(request.query);
    const stored = await this.stored(request, id, wants(this.type, this.related, wanted));
    describe(reply, stored);
    if (versionsIn(request.headers['if-none-match'])?.includes(stored.version)) {
      void reply.status(304);
      return undefined;
    }
    return rendered(this.type, stored, this.baseUrl, wanted);
  }

  async list(request: Called): Promise<object> {
    const { filter, startIndex, count, ...wanted } = readListParameters(request.query);
    const withRelated = wants(this.type, this.related, wanted);
    const found = await this.queries.execute(
      new AskDirectory(asker(request), this.listQuery({ filter, startIndex, count }, withRelated)),
    );
    if (found.outcome !== 'list') throw new Error(`a list was asked for, ${found.outcome} came`);
    const resources = found.resources.map((stored) => rendered(this.type, stored, this.baseUrl, wanted));
    return listResponse(resources, { total: found.total, startIndex });
  }

  /** Carries out a change; gives the resource as it stands afterwards, or null after a deletion. */
  async change(request: Called, command: DirectoryCommand): Promise<StoredResource | null> {
    const { resource, leftOut } = await this.commands.execute(new ActOnDirectory(asker(request), command));
    request.leftOut = leftOut;
    return resource;
  }

  /** The answer to a change: the whole resource, with what belongs to it if that was asked for and not only changed. */
  async changed(request: Called, reply: FastifyReply, stored: StoredResource | null): Promise<Resource> {
    if (stored === null) throw new Error('a change left no resource behind');
    const wanted = readListParameters({ ...(request.query as object), filter: undefined });
    const isNew = request.method === 'POST';
    const needsRelated = wants(this.type, this.related, wanted) && !(isNew && this.related === 'groups');
    const whole = needsRelated ? await this.stored(request, stored.id, true) : stored;
    describe(reply, stored, isNew ? `${this.baseUrl}${this.type.endpoint}/${stored.id}` : undefined);
    return rendered(this.type, whole, this.baseUrl, wanted);
  }

  /** The versions that the client insists on. */
  ifMatch(request: Called): number[] | undefined {
    return versionsIn(request.headers['if-match']);
  }

  private async stored(request: Called, id: string, withRelated: boolean): Promise<StoredResource> {
    const query: DirectoryQuery =
      this.related === 'groups'
        ? { find: 'user', id, withGroups: withRelated }
        : { find: 'group', id, withMembers: withRelated };
    const found = await this.queries.execute(new AskDirectory(asker(request), query));
    if (found.outcome !== 'resource') throw new Error(`a resource was asked for, ${found.outcome} came`);
    return found.resource;
  }

  private listQuery(
    page: Pick<ReturnType<typeof readListParameters>, 'filter' | 'startIndex' | 'count'>,
    related: boolean,
  ): DirectoryQuery {
    return this.related === 'groups'
      ? { find: 'users', ...page, withGroups: related }
      : { find: 'groups', ...page, withMembers: related };
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id as ours are; any other is nobody's, and says so as an unknown one would. */
export function resourceId(type: ResourceType, text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new ScimError(404, undefined, `This directory has no ${type.name.toLowerCase()} with that id.`);
}

function asker({ caller, id }: Called): Asker {
  if (caller === undefined) throw new Error('a request came through without a key');
  return { caller, correlationId: id };
}
