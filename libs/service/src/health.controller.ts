import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  type DynamicModule,
  ServiceUnavailableException,
} from '@nestjs/common';

/** What a service says of itself: whether it can do its work now, and if not, why. */
export abstract class Readiness {
  /** Names of what is not ready, each with a reason; empty when all is well. */
  abstract problems(): string[];
}

/** `/health/live`: the process runs. `/health/ready`: it can do its work; 503 with the reasons otherwise. */
@Controller('health')
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  @Get('live')
  @HttpCode(200)
  live() {
    return { status: 'live' };
  }

  @Get('ready')
  ready() {
    const problems = this.readiness.problems();
    if (problems.length > 0) throw new ServiceUnavailableException({ status: 'not ready', problems });
    return { status: 'ready' };
  }
}

/** Health routes for a service whose own module exports its `Readiness`. */
@Module({})
export class HealthModule {
  static of(service: DynamicModule): DynamicModule {
    return { module: HealthModule, imports: [service], controllers: [HealthController] };
  }
}
