import { setTimeout as pause } from 'node:timers/promises';
import { type DynamicModule, Logger, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger as PinoLogger } from 'nestjs-pino';
import { HealthModule } from './health.controller.js';
import { measureProcess } from './metrics/metrics.js';
import { OperationsServer } from './operations.server.js';
import { Health, Readiness } from './readiness.js';
import { startTraces, traceRequests, type TraceSettings } from './tracing/tracing.js';
import { SettingsError } from './settings.js';

const SHUTDOWN_MS_MAX = 20_000;

/** What a service serves besides health and metrics. */
export interface Served {
  port: number;
  host: string;
  adapter: () => FastifyAdapter;
  configure(app: NestFastifyApplication): void;
  /** How long requests still come after it has said that it is not ready, in milliseconds. */
  drainMs: number;
}

/** What one service’s process is made of. */
export interface Build {
  imports: (Type | DynamicModule)[];
  /** Where health and metrics are served. */
  port: number;
  host: string;
  traces: TraceSettings;
  served?: Served;
}

/**
 * Runs one service as a process of its own: health and metrics from the first moment, then the service, and on SIGTERM or
 * SIGINT its end: not ready, drained, closed. What keeps it from starting is one sentence on stderr and exit status 1.
 */
export async function runService(name: string, build: () => Build): Promise<void> {
  try {
    const { imports, port, host, traces, served } = build();
    const health = new Health();
    measureProcess();
    const endTraces = await startTraces(name, traces);
    const operations = await OperationsServer.open({ port, host }, health);
    const module = { module: ServiceProcess, imports: [...imports, ...(served ? [HealthModule.of(health)] : [])] };
    const app = await NestFactory.create<NestFastifyApplication>(module, served?.adapter() ?? new FastifyAdapter(), {
      bufferLogs: true,
      abortOnError: false,
      bodyParser: false,
    });
    app.useLogger(app.get(PinoLogger));
    endOnSignal(name, async () => {
      health.ending();
      await pause(served?.drainMs ?? 0);
      await app.close();
      await endTraces().catch(() => undefined); // whoever takes them may be away
      await operations.close();
    });
    await start(app, health, served);
    health.up(app.get<Readiness, Readiness>(Readiness, { strict: false, each: true }));
    const at = served === undefined ? operations.port : new URL(await app.getUrl()).port;
    new Logger(name).log(`${name} is up on port ${at}`);
  } catch (error) {
    process.stderr.write(`${name} cannot start: ${sentence(error)}\n`);
    process.exit(1);
  }
}

@Module({})
class ServiceProcess {}

async function start(app: NestFastifyApplication, health: Health, served: Served | undefined): Promise<void> {
  if (served === undefined) {
    await app.init();
    return;
  }
  served.configure(app);
  letClientsGo(app, health);
  traceRequests(app.getHttpAdapter().getInstance());
  await app.listen(served.port, served.host);
}

/** While the process is ending, each connection that is kept alive ends with its next answer, not with the process. */
export function letClientsGo(app: NestFastifyApplication, health: Health): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onSend', (_request, reply, payload, done) => {
      if (health.isEnding()) void reply.header('connection', 'close');
      done(null, payload);
    });
}

/** What went wrong, for a person: the message of an error with its causes, without a stack. */
export function sentence(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own}: ${sentence(error.cause)}`;
}

function endOnSignal(name: string, end: () => Promise<void>): void {
  let isEnding = false;
  const on = (signal: NodeJS.Signals) => {
    if (isEnding) return;
    isEnding = true;
    const log = new Logger(name);
    log.log(`${signal}: ending`);
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
    end().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', on);
  process.on('SIGINT', on);
}
