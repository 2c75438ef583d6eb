import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Param,
  Req,
  UseGuards,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  builtInTypes,
  listResponse,
  type Resource,
  resourceTypeDocuments,
  type ResourceTypes,
  schemaDocuments,
  ScimError,
  serviceProviderConfigDocument,
} from '#libs/scim';
import { BearerGuard, type Called } from './bearer.guard.js';
import { baseOf } from './directory-path.js';
import { GatewaySettings } from './gateway.config.js';
import { KnownSchemas } from './known-schemas.js';

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

/**
 * What this server can do (RFC 7644 §4); open to everybody, since it tells nothing of anybody. Who comes with a key is told
 * what its directory has of its own, too.
 */
@Controller('v2')
@UseGuards(NoFilterGuard)
export class DiscoveryController {
  constructor(
    private readonly settings: GatewaySettings,
    private readonly guard: BearerGuard,
    private readonly known: KnownSchemas,
  ) {}

  @Get('ServiceProviderConfig')
  config(@Req() request: Called) {
    return serviceProviderConfigDocument(this.base(request));
  }

  @Get('ResourceTypes')
  async resourceTypes(@Req() request: Called) {
    return all(resourceTypeDocuments(this.base(request), await this.types(request)));
  }

  @Get('ResourceTypes/:id')
  async resourceType(@Req() request: Called, @Param('id') id: string) {
    return one(resourceTypeDocuments(this.base(request), await this.types(request)), id, 'resource type');
  }

  @Get('Schemas')
  async schemas(@Req() request: Called) {
    return all(schemaDocuments(this.base(request), await this.types(request)));
  }

  @Get('Schemas/:id')
  async schema(@Req() request: Called, @Param('id') id: string) {
    return one(schemaDocuments(this.base(request), await this.types(request)), id, 'schema');
  }

  private base(request: Called): string {
    return baseOf(request, this.settings.baseUrl);
  }

  /** A client reads this once and keeps it: while keys cannot be checked, half of the truth is worse than "later". */
  private async types(request: Called): Promise<ResourceTypes> {
    const directory = await this.guard.directoryOf(request);
    return directory === undefined ? builtInTypes : this.known.of(directory).types;
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
