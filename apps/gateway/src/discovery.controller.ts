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
import { authenticate } from './bearer.strategy.js';
import { STALE_RETRY_S } from './bearer.guard.js';
import { GatewaySettings } from './gateway.config.js';
import { KnownKeys } from './known-keys.js';
import { KnownSchemas } from './known-schemas.js';
import { Unavailable } from './unavailable.js';

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
    private readonly keys: KnownKeys,
    private readonly known: KnownSchemas,
  ) {}

  @Get('ServiceProviderConfig')
  config() {
    return serviceProviderConfigDocument(this.settings.baseUrl);
  }

  @Get('ResourceTypes')
  resourceTypes(@Req() request: FastifyRequest) {
    return all(resourceTypeDocuments(this.settings.baseUrl, this.types(request)));
  }

  @Get('ResourceTypes/:id')
  resourceType(@Req() request: FastifyRequest, @Param('id') id: string) {
    return one(resourceTypeDocuments(this.settings.baseUrl, this.types(request)), id, 'resource type');
  }

  @Get('Schemas')
  schemas(@Req() request: FastifyRequest) {
    return all(schemaDocuments(this.settings.baseUrl, this.types(request)));
  }

  @Get('Schemas/:id')
  schema(@Req() request: FastifyRequest, @Param('id') id: string) {
    return one(schemaDocuments(this.settings.baseUrl, this.types(request)), id, 'schema');
  }

  private types({ headers: { authorization } }: FastifyRequest): ResourceTypes {
    if (authorization === undefined) return builtInTypes;
    // A client reads this once and keeps it: half of the truth is worse than "later".
    if (!this.keys.isFresh()) throw new Unavailable('Keys cannot be checked just now.', STALE_RETRY_S);
    const verdict = authenticate(this.keys, authorization);
    return 'caller' in verdict ? this.known.of(verdict.caller.directory).types : builtInTypes;
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
