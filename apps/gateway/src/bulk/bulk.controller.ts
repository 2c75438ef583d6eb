import { Body, Controller, HttpCode, Logger, Post, Req, UseGuards } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { BULK_RESPONSE_SCHEMA, readBulk } from '#libs/scim';
import type { Reported } from '../reported.js';
import { askerOf, BearerGuard, schemaOf } from '../bearer.guard.js';
import { DirectoryClient } from '../directory.client.js';
import { baseOf } from '../directory-path.js';
import { ActOnDirectory } from '../directory.handler.js';
import { GatewaySettings } from '../gateway.config.js';
import { BulkJob } from './bulk.job.js';

/** `/v2/Bulk` (RFC 7644 §3.7): many changes in one request, each with its own success or failure. */
@Controller('v2/Bulk')
@UseGuards(BearerGuard)
export class BulkController {
  private readonly log = new Logger(BulkController.name);

  constructor(
    private readonly commands: CommandBus,
    private readonly directory: DirectoryClient,
    private readonly settings: GatewaySettings,
  ) {}

  @Post()
  @HttpCode(200)
  async run(@Req() request: Reported, @Body() body: unknown) {
    const { operations, failOnErrors } = readBulk(body);
    const asker = askerOf(request);
    const job = new BulkJob(operations, failOnErrors, {
      baseUrl: baseOf(request, this.settings.baseUrl),
      types: schemaOf(request).types,
      newId: () => this.directory.newId(),
      change: async (command) => {
        const { resource, leftOut = [] } = await this.commands.execute(new ActOnDirectory(asker, command));
        if (leftOut.length > 0) request.leftOut = [...(request.leftOut ?? []), ...leftOut];
        return resource;
      },
      unforeseen: (error) => this.log.error({ correlationId: request.id, err: error }, 'a bulk operation failed'),
    });
    const Operations = await job.run();
    request.parts = job.parts();
    return { schemas: [BULK_RESPONSE_SCHEMA], Operations };
  }
}
