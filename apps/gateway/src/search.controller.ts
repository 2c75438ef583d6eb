import { Body, Controller, Get, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { BearerGuard, type Called } from './bearer.guard.js';
import { GatewaySettings } from './gateway.config.js';
import { LargeAnswers } from './large-answers.js';
import { readListParameters, readSearchRequest } from './list-parameters.js';
import { Lists } from './lists.js';

/** Users and groups at once: a query at the server's root (RFC 7644 §3.4.2.1) and `/v2/.search` (§3.4.3). */
@Controller('v2')
@UseGuards(BearerGuard)
export class SearchController {
  private readonly lists: Lists;

  constructor(queries: QueryBus, large: LargeAnswers, settings: GatewaySettings) {
    this.lists = new Lists(queries, large, settings.baseUrl);
  }

  @Get()
  list(@Req() request: Called) {
    return this.lists.page(request, 'all', readListParameters(request.query));
  }

  @Post('.search')
  @HttpCode(200)
  search(@Req() request: Called, @Body() body: unknown) {
    return this.lists.page(request, 'all', readSearchRequest(body));
  }
}
