import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { listResponse, project, readUser, readUserPatch, toResource, userType } from '#libs/scim';
import { askerOf } from '../directory/asker.js';
import { ChangeDirectory } from '../directory/change-directory.handler.js';
import { FindResource, ListResources } from '../directory/resource.handler.js';
import { GatewaySettings, scimBaseUrl } from '../gateway.config.js';
import { jsonBody } from '../http/body.js';
import { exchangeOf } from '../http/exchange.js';
import { BearerGuard } from '../key/bearer.guard.js';
import { hasVersion, readIfMatch } from './entity-tag.js';
import { askedBy, readListQuery, readProjection } from './list-query.js';
import { left, represent, representNew, type Wanted, wants } from './representation.js';
import { ResourceIdPipe } from './resource-id.pipe.js';

/** `/Users` of RFC 7644 §3. */
@Controller('v2/Users')
@UseGuards(BearerGuard)
export class UsersController {
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
    const attributes = readUser(jsonBody(request));
    const command = new ChangeDirectory(askerOf(request), { do: 'create-user', id: uuidv7(), attributes });
    const { resource } = await this.commands.execute(command);
    const user = left(resource);
    exchangeOf(request).target = user.id;
    return representNew(reply, user, wanted);
  }

  @Get()
  async list(@Req() request: FastifyRequest) {
    const { projection } = this.wanted(request);
    const page = readListQuery(request.query);
    exchangeOf(request).target = askedBy(page.filter);
    const withGroups = wants(userType, 'groups', projection);
    const question = new ListResources(askerOf(request), { find: 'users', ...page, withGroups });
    const { total, resources } = await this.queries.execute(question);
    const users = resources.map((user) => project(userType, toResource(userType, user, this.baseUrl), projection));
    return listResponse(users, { total, startIndex: page.startIndex });
  }

  @Get(':id')
  async find(
    @Param('id', ResourceIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const wanted = this.wanted(request);
    const withGroups = wants(userType, 'groups', wanted.projection);
    const user = await this.queries.execute(new FindResource(askerOf(request), { find: 'user', id, withGroups }));
    const body = represent(reply, user, wanted);
    if (!hasVersion(request.headers['if-none-match'], user.version)) return body;
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
    const attributes = readUser(jsonBody(request));
    const ifMatch = readIfMatch(request.headers['if-match']);
    const command = new ChangeDirectory(askerOf(request), { do: 'replace-user', id, attributes, ifMatch });
    const { resource } = await this.commands.execute(command);
    return represent(reply, left(resource), wanted);
  }

  /** Always with the whole resource: Entra's validator once refused a 204 (Q44). */
  @Patch(':id')
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const wanted = this.wanted(request);
    const operations = readUserPatch(jsonBody(request));
    const ifMatch = readIfMatch(request.headers['if-match']);
    const command = new ChangeDirectory(askerOf(request), { do: 'patch-user', id, operations, ifMatch });
    const { resource } = await this.commands.execute(command);
    return represent(reply, left(resource), wanted);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id', ResourceIdPipe) id: string, @Req() request: FastifyRequest) {
    const ifMatch = readIfMatch(request.headers['if-match']);
    await this.commands.execute(new ChangeDirectory(askerOf(request), { do: 'delete-user', id, ifMatch }));
  }

  private wanted({ query }: FastifyRequest): Wanted {
    return { type: userType, baseUrl: this.baseUrl, projection: readProjection(query) };
  }
}
