import { type DynamicModule, type INestApplication, Logger, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger as PinoLogger } from 'nestjs-pino';
import { SettingsError } from './settings.js';

const SHUTDOWN_MS_MAX = 20_000;

/**
 * Runs one service as a process of its own: builds it, listens, and ends it cleanly on SIGTERM or SIGINT.
 * What keeps it from starting is one sentence on stderr and exit status 1, never a stack.
 */
export async function runService(options: {
  name: string;
  build(): { module: Type | DynamicModule; port: number; host: string };
  adapter?: () => FastifyAdapter;
  configure?: (app: NestFastifyApplication) => void;
}): Promise<void> {
  try {
    const { module, port, host } = options.build();
    const app = await NestFactory.create<NestFastifyApplication>(
      module as Type,
      options.adapter?.() ?? new FastifyAdapter(),
      { bufferLogs: true, abortOnError: false, bodyParser: false },
    );
    app.useLogger(app.get(PinoLogger));
    options.configure?.(app);
    endOnSignal(app, options.name);
    await app.listen(port, host);
    new Logger(options.name).log(`${options.name} is up on port ${new URL(await app.getUrl()).port}`);
  } catch (error) {
    process.stderr.write(`${options.name} cannot start: ${sentence(error)}\n`);
    process.exit(1);
  }
}

/** What went wrong, for a person: the message of an error with its causes, without a stack. */
export function sentence(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  return error.cause === undefined ? own : `${own}: ${sentence(error.cause)}`;
}

function endOnSignal(app: INestApplication, name: string): void {
  const end = (signal: NodeJS.Signals) => {
    const log = new Logger(name);
    log.log(`${signal}: ending`);
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(error);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
