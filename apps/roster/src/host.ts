import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { CommandLog, ReplyChannel } from '#libs/messaging';
import {
  Health,
  HealthModule,
  letClientsGo,
  logModule,
  measureProcess,
  OperationsServer,
  Readiness,
} from '#libs/service';
import { Logger } from 'nestjs-pino';
import { DirectoryModule } from '../../directory/src/directory.module.js';
import { GatewaySettings } from '../../gateway/src/gateway.config.js';
import { configureGateway, gatewayAdapter, GatewayModule } from '../../gateway/src/gateway.module.js';
import { KeysModule } from '../../keys/src/keys.module.js';
import { notifierOf } from '../../notifier/src/notifier.config.js';
import { NotifierModule } from '../../notifier/src/notifier.module.js';
import { BusClient } from './bus.client.js';
import { controlSocket, openControl } from './control.door.js';
import { takeDataFolder } from './data-folder.js';
import { accessOf, adminUrlOf, type HostSettings, publicUrl } from './host.config.js';
import { InProcessModule } from './in-process.module.js';
import { keptSecret } from './kept-secret.js';
import { Office } from './office.js';
import { openPlaces } from './places.js';
import { welcome } from './welcome.js';

@Module({})
class Everything {}

/** A system that runs in this process. `died` resolves with a reason when it cannot go on. */
export interface Host {
  close(): Promise<void>;
  died: Promise<string>;
}

/** Starts all services in this process, each step undone in turn by `close` or when a later one fails. */
export async function startHost(settings: HostSettings, say: (line: string) => void): Promise<Host> {
  const health = new Health();
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await refuseTakenPort(settings);
    measureProcess();
    if (settings.PORT !== undefined) {
      const operations = await OperationsServer.open({ port: settings.PORT, host: settings.HOST }, health);
      undo.push(() => operations.close());
    }
    const folder = await takeDataFolder(settings.ROSTER_DATA);
    undo.push(() => folder.release());
    const { urls, embedded } = await openPlaces(adminUrlOf(settings), settings.ROSTER_DATA);
    const secret = await keptSecret(settings.ROSTER_DATA, 'notifier.secret');
    if (embedded !== undefined) undo.push(() => embedded.stop());

    const app = await NestFactory.create<NestFastifyApplication>(
      modules(settings, urls, secret, health, say),
      gatewayAdapter(settings.TRUSTED_PROXIES),
      {
        bufferLogs: true,
        abortOnError: false,
        bodyParser: false,
      },
    );
    app.useLogger(app.get(Logger));
    configureGateway(app);
    letClientsGo(app, health);
    undo.push(() => {
      health.ending();
      return app.close();
    });
    await app.listen(settings.GATEWAY_PORT, settings.HOST);

    const client = new BusClient(app.get(CommandLog), app.get(ReplyChannel), { kind: 'operator', id: 'roster' });
    await client.open();
    undo.push(() => client.close());
    const control = await openControl(controlSocket(settings.ROSTER_DATA), client);
    undo.push(() => control.close());
    for (const line of await welcome(new Office(client), publicUrl(settings))) say(line);
    health.up(app.get<Readiness, Readiness>(Readiness, { strict: false, each: true }));
    say('Roster is ready');
    const died = embedded?.died.then((words) => `the embedded PostgreSQL has ended: ${words}`);
    return { close, died: died ?? new Promise(() => undefined) };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

function modules(
  settings: HostSettings,
  urls: Record<'directory' | 'keys' | 'notifier', string>,
  secret: string,
  health: Health,
  say: (line: string) => void,
): DynamicModule {
  const partitions = settings.PARTITIONS;
  return {
    module: Everything,
    imports: [
      logModule('roster', settings.LOG_LEVEL),
      busModule(settings),
      DirectoryModule.forRoot({ databaseUrl: urls.directory, partitions }),
      KeysModule.forRoot({ databaseUrl: urls.keys, privateIssuers: settings.PRIVATE_ISSUERS }),
      NotifierModule.forRoot({
        databaseUrl: urls.notifier,
        ...notifierOf(settings),
        secret: settings.NOTIFIER_SECRET ?? secret,
        publicUrl: publicUrl(settings),
        mail: { from: settings.MAIL_FROM, smtpUrl: settings.SMTP_URL, folder: join(settings.ROSTER_DATA, 'mail') },
        mailWritten: (path) => say(`Mail written to ${path}`),
      }),
      GatewayModule.forRoot(new GatewaySettings(publicUrl(settings), 10_000, settings.DIRECTORY_REQUESTS_PER_SECOND)),
      HealthModule.of(health),
    ],
  };
}

/** The bus within this process, or Kafka when brokers are named. */
function busModule(settings: HostSettings): DynamicModule {
  const { PARTITIONS: partitions } = settings;
  const access = accessOf(settings);
  if (access === undefined) return InProcessModule.forRoot(partitions);
  return KafkaModule.forRoot({ ...access, clientId: 'roster', partitions, topics: Object.values(topics) });
}

/** Says at once, before anything is started, that somebody else has the port. */
async function refuseTakenPort({ GATEWAY_PORT, HOST }: HostSettings): Promise<void> {
  const probe = createServer();
  probe.listen(GATEWAY_PORT, HOST);
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw new Error(`Port ${GATEWAY_PORT} on ${HOST} cannot be used: set GATEWAY_PORT to another one`, {
      cause: error,
    });
  }
  probe.close();
  await once(probe, 'close');
}
