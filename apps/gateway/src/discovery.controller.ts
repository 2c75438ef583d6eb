import { type CanActivate, Controller, type ExecutionContext, Get, Injectable, Param, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  listResponse,
  type Resource,
  resourceTypeDocuments,
  schemaDocuments,
  ScimError,
  serviceProviderConfigDocument,
} from '#libs/scim';
import { GatewaySettings } from './gateway.config.js';

/** RFC 7644 §4: a filter on discovery is refused, lest somebody take everything for what was asked for. */
@Injectable()
class NoFilterGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const isFiltered = Object.keys(query as object).some((name) => name.toLowerCase() === 'filter');
    if (isFiltered) throw new ScimError(403, undefined, 'Discovery cannot be filtered.');
    return true;
  }
}

/** What this server can do (RFC 7644 §4); open to everybody, since it tells nothing of anybody. */
@Controller('v2')
@UseGuards(NoFilterGuard)
export class DiscoveryController {
  constructor(private readonly settings: GatewaySettings) {}

  @Get('ServiceProviderConfig')
  config() {
    return serviceProviderConfigDocument(this.settings.baseUrl);
  }

  @Get('ResourceTypes')
  resourceTypes() {
    return all(resourceTypeDocuments(this.settings.baseUrl));
  }

  @Get('ResourceTypes/:id')
  resourceType(@Param('id') id: string) {
    return one(resourceTypeDocuments(this.settings.baseUrl), id, 'resource type');
  }

  @Get('Schemas')
  schemas() {
    return all(schemaDocuments(this.settings.baseUrl));
  }

  @Get('Schemas/:id')
  schema(@Param('id') id: string) {
    return one(schemaDocuments(this.settings.baseUrl), id, 'schema');
  }
}

const all = (documents: readonly Resource[]) => listResponse(documents, { total: documents.length, startIndex: 1 });

function one(documents: readonly Resource[], id: string, kind: string): Resource {
  const found = documents.find(
    (document) => typeof document.id === 'string' && document.id.toLowerCase() === id.toLowerCase(),
  );
  if (found === undefined)
    throw new ScimError(404, undefined, `There is no ${kind} ${JSON.stringify(id.slice(0, 200))}.`);
  return found;
}
