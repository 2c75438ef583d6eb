import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  type DynamicModule,
  ServiceUnavailableException,
} from '@nestjs/common';
import { Health } from './readiness.js';

/** The same answers as on the operations port, for a load balancer that asks where it sends. */
@Controller('health')
class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('live')
  @HttpCode(200)
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  ready() {
    const problems = this.health.problems();
    if (problems.length > 0) throw new ServiceUnavailableException({ status: 'not ready', problems });
    return { status: 'ready' };
  }
}

/** Health beside what else an application serves. */
@Module({})
export class HealthModule {
  static of(health: Health): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: Health, useValue: health }],
    };
  }
}
