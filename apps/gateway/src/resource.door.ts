import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { DirectoryCommand, DirectoryQuery, StoredResource } from '#libs/contracts';
import { type Resource, type ResourceType, ScimError, wants } from '#libs/scim';
import { describe, rendered } from './answer.js';
import { askerOf, type Called, schemaOf } from './bearer.guard.js';
import { ActOnDirectory, AskDirectory } from './directory.handler.js';
import { readListParameters, readProjection, readSearchRequest } from './list-parameters.js';
import { Lists } from './lists.js';
import { versionsIn } from './versions.js';

/** What users and groups have in common at the door: reading, listing, and rendering what a change left behind. */
export class ResourceDoor {
  private readonly lists: Lists;
  private readonly find: 'users' | 'groups';
  private readonly related: 'groups' | 'members';

  constructor(
    private readonly kind: ResourceType['name'],
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly baseUrl: string,
  ) {
    this.lists = new Lists(queries, baseUrl);
    this.find = kind === 'User' ? 'users' : 'groups';
    this.related = kind === 'User' ? 'groups' : 'members';
  }

  /** What the resources of this endpoint are in the caller's directory. */
  type(request: Called): ResourceType {
    return schemaOf(request).types[this.kind];
  }

  async read(request: Called, reply: FastifyReply, id: string): Promise<Resource | undefined> {
    const type = this.type(request);
    const wanted = readProjection(request.query);
    const stored = await this.stored(request, id, wants(type, this.related, wanted));
    describe(reply, stored);
    if (!isOneOf(versionsIn(request.headers['if-match']), stored.version)) throw stale(type, stored.version);
    if (request.headers['if-none-match'] === undefined) return rendered(type, stored, this.baseUrl, wanted);
    if (!isOneOf(versionsIn(request.headers['if-none-match']), stored.version)) {
      return rendered(type, stored, this.baseUrl, wanted);
    }
    void reply.status(304);
    return undefined;
  }

  list(request: Called): Promise<object> {
    return this.lists.page(request, this.find, readListParameters(request.query));
  }

  /** `.search` (RFC 7644 §3.4.3): a list whose parameters come in the body. */
  search(request: Called, body: unknown): Promise<object> {
    return this.lists.page(request, this.find, readSearchRequest(body));
  }

  /** Carries out a change; gives the resource as it stands afterwards, or null after a deletion. */
  async change(request: Called, command: DirectoryCommand): Promise<StoredResource | null> {
    const { resource, leftOut } = await this.commands.execute(new ActOnDirectory(askerOf(request), command));
    request.leftOut = leftOut;
    return resource;
  }

  /** The answer to a change: the whole resource, with what belongs to it if that was asked for and not only changed. */
  async changed(request: Called, reply: FastifyReply, stored: StoredResource | null): Promise<Resource> {
    if (stored === null) throw new Error('a change left no resource behind');
    const type = this.type(request);
    const wanted = readProjection(request.query);
    const isNew = request.method === 'POST';
    const whole = wants(type, this.related, wanted) ? await this.withRelated(request, stored, isNew) : stored;
    describe(reply, stored, isNew ? `${this.baseUrl}${type.endpoint}/${stored.id}` : undefined);
    return rendered(type, whole, this.baseUrl, wanted);
  }

  private withRelated(request: Called, stored: StoredResource, isNew: boolean): Promise<StoredResource> {
    // Nobody has been put into a group before they existed; a group may have come with members.
    if (isNew && this.related === 'groups') return Promise.resolve({ ...stored, groups: [] });
    return this.stored(request, stored.id, true);
  }

  /**
   * The versions that the client insists on (`If-Match`). One that it must not have (`If-None-Match`, RFC 9110 §13.1.2) is
   * looked up before the change: whoever has already read this version wants no second go at it.
   */
  async ifMatch(request: Called, id: string): Promise<number[] | undefined> {
    if (request.headers['if-none-match'] !== undefined) {
      const { version } = await this.stored(request, id, false);
      if (isOneOf(versionsIn(request.headers['if-none-match']), version)) throw stale(this.type(request), version);
    }
    return versionsIn(request.headers['if-match']);
  }

  private async stored(request: Called, id: string, withRelated: boolean): Promise<StoredResource> {
    const query: DirectoryQuery =
      this.kind === 'User'
        ? { find: 'user', id, withGroups: withRelated }
        : { find: 'group', id, withMembers: withRelated };
    const found = await this.queries.execute(new AskDirectory(askerOf(request), query));
    if (found.outcome !== 'resource') throw new Error(`a resource was asked for, ${found.outcome} came`);
    return found.resource;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** An id as ours are; any other is nobody's, and says so as an unknown one would. */
export function resourceId(type: Pick<ResourceType, 'name'>, text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new ScimError(404, undefined, `This directory has no ${type.name.toLowerCase()} with that id.`);
}

/** `*`, which versionsIn gives as undefined, is every version. */
const isOneOf = (versions: number[] | undefined, version: number) => versions?.includes(version) ?? true;

function stale(type: ResourceType, version: number): ScimError {
  return new ScimError(412, undefined, `The ${type.name.toLowerCase()} is at version ${version}.`);
}
