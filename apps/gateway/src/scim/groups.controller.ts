import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import type { DirectoryCommand, StoredResource } from '#libs/contracts';
import { etag, groupType, listResponse, project, readGroup, readGroupPatch, ScimError, toResource } from '#libs/scim';
import { askerOf } from '../directory/asker.js';
import { ChangeDirectory } from '../directory/change-directory.handler.js';
import { FindResource, ListResources } from '../directory/resource.handler.js';
import { GatewaySettings, scimBaseUrl } from '../gateway.config.js';
import { jsonBody } from '../http/body.js';
import { exchangeOf } from '../http/exchange.js';
import { BearerGuard } from '../key/bearer.guard.js';
import { hasVersion, readIfMatch } from './entity-tag.js';
import { askedBy, hasParameter, readListQuery, readProjection } from './list-query.js';
import { left, represent, representNew, type Wanted, wants } from './representation.js';
import { ResourceIdPipe } from './resource-id.pipe.js';

/** `/Groups` of RFC 7644 §3. */
@Controller('v2/Groups')
@UseGuards(BearerGuard)
export class GroupsController {
  private readonly baseUrl: string;

  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    settings: GatewaySettings,
  ) {
    this.baseUrl = scimBaseUrl(settings);
  }

  @Post()
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const wanted = this.wanted(request);
    const { attributes, members } = readGroup(jsonBody(request));
    const group = await this.change(request, { do: 'create-group', id: uuidv7(), attributes, members });
    exchangeOf(request).target = group.id;
    const whole = members.length === 0 ? group : await this.withMembers(request, group, wanted);
    return representNew(reply, whole, wanted);
  }

  @Get()
  async list(@Req() request: FastifyRequest) {
    const { projection } = this.wanted(request);
    const page = readListQuery(request.query);
    exchangeOf(request).target = askedBy(page.filter);
    const withMembers = wants(groupType, 'members', projection);
    const question = new ListResources(askerOf(request), { find: 'groups', ...page, withMembers });
    const { total, resources } = await this.queries.execute(question);
    const groups = resources.map((group) => project(groupType, toResource(groupType, group, this.baseUrl), projection));
    return listResponse(groups, { total, startIndex: page.startIndex });
  }

  @Get(':id')
  async find(
    @Param('id', ResourceIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const wanted = this.wanted(request);
    const withMembers = wants(groupType, 'members', wanted.projection);
    const group = await this.queries.execute(new FindResource(askerOf(request), { find: 'group', id, withMembers }));
    const body = represent(reply, group, wanted);
    if (!hasVersion(request.headers['if-none-match'], group.version)) return body;
    reply.code(304);
    return undefined;
  }

  @Put(':id')
  async replace(
    @Param('id', ResourceIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const wanted = this.wanted(request);
    const { attributes, members } = readGroup(jsonBody(request));
    const ifMatch = readIfMatch(request.headers['if-match']);
    const group = await this.change(request, { do: 'replace-group', id, attributes, members, ifMatch });
    const whole = members.length === 0 ? group : await this.withMembers(request, group, wanted);
    return represent(reply, whole, wanted);
  }

  /** Without a body, because a group may be large; with one when the client asks for certain attributes (RFC 7644 §3.5.2). */
  @Patch(':id')
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const wanted = this.wanted(request);
    const { operations, members } = readGroupPatch(jsonBody(request));
    const ifMatch = readIfMatch(request.headers['if-match']);
    const group = await this.change(request, { do: 'patch-group', id, operations, members, ifMatch });
    if (hasParameter(request.query, 'attributes')) {
      return represent(reply, await this.withMembers(request, group, wanted), wanted);
    }
    reply.code(204).header('etag', etag(group.version));
    return undefined;
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id', ResourceIdPipe) id: string, @Req() request: FastifyRequest) {
    const ifMatch = readIfMatch(request.headers['if-match']);
    await this.commands.execute(new ChangeDirectory(askerOf(request), { do: 'delete-group', id, ifMatch }));
  }

  private async change(request: FastifyRequest, command: DirectoryCommand): Promise<StoredResource> {
    const { resource, leftOut } = await this.commands.execute(new ChangeDirectory(askerOf(request), command));
    exchangeOf(request).leftOut = leftOut;
    return left(resource);
  }

  /** The reply to a command leaves the members out. The change is done by now: if they cannot be had, it is told without. */
  private async withMembers(request: FastifyRequest, group: StoredResource, wanted: Wanted): Promise<StoredResource> {
    if (!wants(groupType, 'members', wanted.projection)) return group;
    try {
      const question = { find: 'group', id: group.id, withMembers: true } as const;
      return await this.queries.execute(new FindResource(askerOf(request), question));
    } catch (error) {
      if (error instanceof ScimError && error.status === 503) return group;
      throw error;
    }
  }

  private wanted({ query }: FastifyRequest): Wanted {
    return { type: groupType, baseUrl: this.baseUrl, projection: readProjection(query) };
  }
}
