import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Req,
  Res,
  type StreamableFile,
  UseGuards,
} from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { groupType, readGroup, readGroupPatch, type Resource } from '#libs/scim';
import { describe } from './answer.js';
import { BearerGuard, type Called } from './bearer.guard.js';
import { DirectoryClient } from './directory.client.js';
import { GatewaySettings } from './gateway.config.js';
import { LargeAnswers } from './large-answers.js';
import { readProjection } from './list-parameters.js';
import { ResourceDoor, resourceId } from './resource.door.js';

/** `/v2/Groups` (RFC 7644 §3.3 to §3.6). */
@Controller('v2/Groups')
@UseGuards(BearerGuard)
export class GroupsController {
  private readonly door: ResourceDoor;

  constructor(
    commands: CommandBus,
    queries: QueryBus,
    private readonly directory: DirectoryClient,
    large: LargeAnswers,
    settings: GatewaySettings,
  ) {
    this.door = new ResourceDoor('Group', commands, queries, large, settings.baseUrl);
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
    return this.door.read(request, reply, resourceId(groupType, id));
  }

  @Post()
  @HttpCode(201)
  async create(@Req() request: Called, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown) {
    const stored = await this.door.change(request, {
      do: 'create-group',
      id: this.directory.newId(),
      ...readGroup(body, this.door.type(request)),
    });
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
      do: 'replace-group',
      id: resourceId(groupType, id),
      ...readGroup(body, this.door.type(request)),
    } as const;
    const stored = await this.door.change(request, {
      ...command,
      ifMatch: await this.door.ifMatch(request, command.id),
    });
    return this.door.changed(request, reply, stored);
  }

  /** 204 as Entra expects; the group itself only for who asks for attributes, since it may be large. */
  @Patch(':id')
  async patch(
    @Req() request: Called,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<Resource | StreamableFile | undefined> {
    const command = {
      do: 'patch-group',
      id: resourceId(groupType, id),
      ...readGroupPatch(body, this.door.type(request)),
    } as const;
    const stored = await this.door.change(request, {
      ...command,
      ifMatch: await this.door.ifMatch(request, command.id),
    });
    if (readProjection(request.query).attributes !== undefined) return this.door.changed(request, reply, stored);
    if (stored !== null) describe(reply, stored);
    void reply.status(204);
    return undefined;
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Req() request: Called, @Param('id') id: string): Promise<void> {
    const command = { do: 'delete-group', id: resourceId(groupType, id) } as const;
    await this.door.change(request, { ...command, ifMatch: await this.door.ifMatch(request, command.id) });
  }
}
