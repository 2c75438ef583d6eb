import type { StreamableFile } from '@nestjs/common';
import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import type { DirectoryCommand, DirectoryQuery, StoredResource } from '#libs/contracts';
import { type Projection, type Resource, type ResourceType, ScimError, wants } from '#libs/scim';
import { describe, heldBytes, isLarge, locate, rendered, type Whole, wholes, written } from './answer.js';
import { askerOf, type Called, schemaOf } from './bearer.guard.js';
import { ActOnDirectory, AskDirectory } from './directory.handler.js';
import { type LargeAnswers, unmade } from './large-answers.js';
import { readListParameters, readProjection, readSearchRequest } from './list-parameters.js';
import { baseOf } from './directory-path.js';
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
    private readonly large: LargeAnswers,
    private readonly baseUrl: string,
  ) {
    this.lists = new Lists(queries, large, baseUrl);
    this.find = kind === 'User' ? 'users' : 'groups';
    this.related = kind === 'User' ? 'groups' : 'members';
  }

  /** What the resources of this endpoint are in the caller's directory. */
  type(request: Called): ResourceType {
    return schemaOf(request).types[this.kind];
  }

  async read(request: Called, reply: FastifyReply, id: string): Promise<Resource | StreamableFile | undefined> {
    const wanted = readProjection(request.query);
    const hasMembers = this.related === 'members' && wants(this.type(request), 'members', wanted);
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    // Members are many: they are not read for who may turn out to know them, or wants to know only that they are there.
    if (hasMembers && (request.method === 'HEAD' || (ifMatch ?? ifNoneMatch) !== undefined)) {
      if (!this.isNew(request, reply, (await this.whole(request, id, false)).stored)) return undefined;
      if (request.method === 'HEAD') return unmade();
    }
    const whole = await this.whole(request, id, wants(this.type(request), this.related, wanted));
    return this.isNew(request, reply, whole.stored) ? this.answer(request, whole, wanted) : undefined;
  }

  /** Whether the client has to be told: else it has this version already. Throws ScimError 412 when it wanted another one. */
  private isNew(request: Called, reply: FastifyReply, stored: Whole['stored']): boolean {
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    describe(reply, stored);
    if (!isOneOf(versionsIn(ifMatch), stored.version)) throw stale(this.type(request), stored.version);
    locate(reply, this.placeOf(request, stored.id));
    if (ifNoneMatch === undefined || !isOneOf(versionsIn(ifNoneMatch), stored.version)) return true;
    void reply.status(304);
    return false;
  }

  /** The resource as its reader asked for it; a large one as it is taken. */
  private answer(request: Called, whole: Whole, wanted: Projection): Resource | StreamableFile {
    const type = this.type(request);
    if (!isLarge([whole])) return rendered(type, whole, baseOf(request, this.baseUrl), wanted);
    return this.large.stream(written(type, whole, baseOf(request, this.baseUrl), wanted), heldBytes(whole));
  }

  list(request: Called): Promise<object | StreamableFile> {
    return this.lists.page(request, this.find, readListParameters(request.query));
  }

  /** `.search` (RFC 7644 §3.4.3): a list whose parameters come in the body. */
  search(request: Called, body: unknown): Promise<object | StreamableFile> {
    return this.lists.page(request, this.find, readSearchRequest(body));
  }

  /** Carries out a change; gives the resource as it stands afterwards, or null after a deletion. */
  async change(request: Called, command: DirectoryCommand): Promise<StoredResource | null> {
    const { resource, leftOut } = await this.commands.execute(new ActOnDirectory(askerOf(request), command));
    request.leftOut = leftOut;
    return resource;
  }

  /** The answer to a change: the whole resource, with what belongs to it if that was asked for and not only changed. */
  async changed(
    request: Called,
    reply: FastifyReply,
    stored: StoredResource | null,
  ): Promise<Resource | StreamableFile> {
    if (stored === null) throw new Error('a change left no resource behind');
    const type = this.type(request);
    const wanted = readProjection(request.query);
    const whole = await this.afterwards(request, stored, wants(type, this.related, wanted));
    describe(reply, whole.stored);
    locate(reply, this.placeOf(request, stored.id), request.method === 'POST');
    return this.answer(request, whole, wanted);
  }

  private placeOf(request: Called, id: string): string {
    return `${baseOf(request, this.baseUrl)}${this.type(request).endpoint}/${id}`;
  }

  private async afterwards(request: Called, stored: StoredResource, withRelated: boolean): Promise<Whole> {
    if (!withRelated) return { stored };
    // Nobody has been put into a group before they existed; a group may have come with members.
    if (request.method === 'POST' && this.related === 'groups') return { stored, groups: [] };
    return this.whole(request, stored.id, true);
  }

  /**
   * The versions that the client insists on (`If-Match`). One that it must not have (`If-None-Match`, RFC 9110 §13.1.2) is
   * looked up before the change: whoever has already read this version wants no second go at it.
   */
  async ifMatch(request: Called, id: string): Promise<number[] | undefined> {
    if (request.headers['if-none-match'] !== undefined) {
      const { version } = (await this.whole(request, id, false)).stored;
      if (isOneOf(versionsIn(request.headers['if-none-match']), version)) throw stale(this.type(request), version);
    }
    return versionsIn(request.headers['if-match']);
  }

  private async whole(request: Called, id: string, withRelated: boolean): Promise<Whole> {
    const query: DirectoryQuery =
      this.kind === 'User'
        ? { find: 'user', id, withGroups: withRelated }
        : { find: 'group', id, withMembers: withRelated };
    const ask = () => this.queries.execute(new AskDirectory(askerOf(request), query));
    const found = await (withRelated && this.kind === 'Group' ? this.large.ask(ask) : ask());
    if (found.outcome !== 'resource') throw new Error(`a resource was asked for, ${found.outcome} came`);
    const [whole] = wholes([found.resource], found.bytes);
    if (whole === undefined) throw new Error('a resource was asked for, none came');
    return whole;
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
