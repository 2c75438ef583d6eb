import { Controller, Get, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  listResponse,
  type Resource,
  resourceTypeDocuments,
  schemaDocuments,
  ScimError,
  serviceProviderConfigDocument,
} from '#libs/scim';
import { GatewaySettings, scimBaseUrl } from '../gateway.config.js';
import { hasParameter } from './list-query.js';

/** What the service can do (RFC 7644 §4). Open to all: it says nothing of any directory, and some ask before they have a key. */
@Controller('v2')
export class DiscoveryController {
  private readonly serviceProviderConfig: Resource;
  private readonly resourceTypes: Resource[];
  private readonly schemas: Resource[];

  constructor(settings: GatewaySettings) {
    const baseUrl = scimBaseUrl(settings);
    this.serviceProviderConfig = serviceProviderConfigDocument(baseUrl);
    this.resourceTypes = resourceTypeDocuments(baseUrl);
    this.schemas = schemaDocuments(baseUrl);
  }

  @Get('ServiceProviderConfig')
  config(@Req() request: FastifyRequest) {
    refuseFilter(request);
    return this.serviceProviderConfig;
  }

  @Get('ResourceTypes')
  listResourceTypes(@Req() request: FastifyRequest) {
    return listOf(request, this.resourceTypes);
  }

  @Get('ResourceTypes/:id')
  findResourceType(@Param('id') id: string) {
    return oneOf(this.resourceTypes, id);
  }

  @Get('Schemas')
  listSchemas(@Req() request: FastifyRequest) {
    return listOf(request, this.schemas);
  }

  @Get('Schemas/:id')
  findSchema(@Param('id') id: string) {
    return oneOf(this.schemas, id);
  }
}

function listOf(request: FastifyRequest, documents: Resource[]): object {
  refuseFilter(request);
  return listResponse(documents, { total: documents.length, startIndex: 1 });
}

function oneOf(documents: Resource[], id: string): Resource {
  const document = documents.find((each) => typeof each.id === 'string' && each.id.toLowerCase() === id.toLowerCase());
  if (document === undefined) throw new ScimError(404, undefined, 'There is no document with this id.');
  return document;
}

/** RFC 7644 §4 wants a 403, so that nobody takes the whole list for the filtered one. */
function refuseFilter({ query }: FastifyRequest): void {
  if (hasParameter(query, 'filter')) throw new ScimError(403, undefined, 'These documents cannot be filtered.');
}
