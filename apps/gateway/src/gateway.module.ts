import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { Clock, Readiness, SystemClock } from '#libs/service';
import { ActivityReport } from './activity.js';
import { BearerGuard } from './bearer.guard.js';
import { BulkController } from './bulk/bulk.controller.js';
import { DirectoryClient } from './directory.client.js';
import { ActOnDirectoryHandler, AskDirectoryHandler } from './directory.handler.js';
import { DiscoveryController } from './discovery.controller.js';
import { GatewaySettings } from './gateway.config.js';
import { GroupsController } from './groups.controller.js';
import { KnownKeys } from './known-keys.js';
import { KnownSchemas } from './known-schemas.js';
import { GatewayReadiness, Lifecycle } from './lifecycle.js';
import { LargeAnswers } from './large-answers.js';
import { MeController } from './me.controller.js';
import { RequestLog } from './request.log.js';
import { ScimErrorFilter } from './scim-error.filter.js';
import { AccessTokens } from './oauth/access-tokens.js';
import { KnownClients } from './oauth/known-clients.js';
import { OAuthController } from './oauth/oauth.controller.js';
import { TokenDoor } from './oauth/token.door.js';
import { SearchController } from './search.controller.js';
import { StopController } from './stop.controller.js';
import { Throttle } from './throttle.js';
import { UsersController } from './users.controller.js';

export { configureGateway, gatewayAdapter } from './http.js';

/** The gateway without a transport: that comes from whoever runs it. */
@Module({})
export class GatewayModule {
  static forRoot(settings: GatewaySettings): DynamicModule {
    return {
      module: GatewayModule,
      imports: [CqrsModule],
      controllers: [
        UsersController,
        GroupsController,
        DiscoveryController,
        SearchController,
        BulkController,
        MeController,
        StopController,
        OAuthController,
      ],
      providers: [
        { provide: GatewaySettings, useValue: settings },
        { provide: Clock, useClass: SystemClock },
        { provide: Readiness, useClass: GatewayReadiness },
        { provide: APP_FILTER, useClass: ScimErrorFilter },
        ActOnDirectoryHandler,
        AskDirectoryHandler,
        ActivityReport,
        BearerGuard,
        DirectoryClient,
        KnownKeys,
        KnownSchemas,
        LargeAnswers,
        Lifecycle,
        RequestLog,
        Throttle,
        AccessTokens,
        KnownClients,
        TokenDoor,
      ],
      exports: [Readiness],
    };
  }
}
