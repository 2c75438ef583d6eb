import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { readUser, readUserPatch, userType } from '#libs/scim';
import { BearerGuard, type Called } from './bearer.guard.js';
import { DirectoryClient } from './directory.client.js';
import { GatewaySettings } from './gateway.config.js';
import { LargeAnswers } from './large-answers.js';
import { ResourceDoor, resourceId } from './resource.door.js';

/** `/v2/Users` (RFC 7644 §3.3 to §3.6). */
@Controller('v2/Users')
@UseGuards(BearerGuard)
export class UsersController {
  private readonly door: ResourceDoor;

  constructor(
    commands: CommandBus,
    queries: QueryBus,
    private readonly directory: DirectoryClient,
    large: LargeAnswers,
    settings: GatewaySettings,
  ) {
    this.door = new ResourceDoor('User', commands, queries, large, settings.baseUrl);
  }

  @Get()
  list(@Req() request: Called) {
    return this.door.list(request);
  }

  @Post('.search')
  @HttpCode(200)
  search(@Req() request: Called, @Body() body: unknown) {
    return this.door.search(request, body);
  }

  @Get(':id')
  read(@Req() request: Called, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string) {
    return this.door.read(request, reply, resourceId(userType, id));
  }

  @Post()
  @HttpCode(201)
  async create(@Req() request: Called, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown) {
    const attributes = readUser(body, this.door.type(request));
    const stored = await this.door.change(request, { do: 'create-user', id: this.directory.newId(), attributes });
    return this.door.changed(request, reply, stored);
  }

  @Put(':id')
  async replace(
    @Req() request: Called,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: unknown,
  ) {
    const command = {
      do: 'replace-user',
      id: resourceId(userType, id),
      attributes: readUser(body, this.door.type(request)),
    } as const;
    const stored = await this.door.change(request, {
      ...command,
      ifMatch: await this.door.ifMatch(request, command.id),
    });
    return this.door.changed(request, reply, stored);
  }

  @Patch(':id')
  async patch(
    @Req() request: Called,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: unknown,
  ) {
    const command = {
      do: 'patch-user',
      id: resourceId(userType, id),
      operations: readUserPatch(body, this.door.type(request)),
    } as const;
    const stored = await this.door.change(request, {
      ...command,
      ifMatch: await this.door.ifMatch(request, command.id),
    });
    return this.door.changed(request, reply, stored);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Req() request: Called, @Param('id') id: string): Promise<void> {
    const command = { do: 'delete-user', id: resourceId(userType, id) } as const;
    await this.door.change(request, { ...command, ifMatch: await this.door.ifMatch(request, command.id) });
  }
}
