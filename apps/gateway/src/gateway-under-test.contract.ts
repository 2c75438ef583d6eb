import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type ClientState, type KeyState, topics } from '#libs/contracts';
import { CommandLog, InProcessReplyChannel, type InProcessStateTable, ReplyChannel, StateTable } from '#libs/messaging';
import type { GatewaySettings } from './gateway.config.js';
import { configureGateway, gatewayAdapter, GatewayModule } from './gateway.module.js';

@Module({})
class Transport {}
@Module({})
class Host {}

/** The gateway by itself, on the bus of one process, with these keys and clients known to it; requests are injected. */
export async function gatewayUnderTest(
  { commands, table, settings }: { commands: CommandLog; table: InProcessStateTable; settings: GatewaySettings },
  known: readonly (KeyState | ClientState)[],
  adapter = gatewayAdapter(),
): Promise<NestFastifyApplication> {
  await table.put(
    topics.keysState.name,
    known.map((state) => ({ key: state.id, value: JSON.stringify(state) })),
  );
  const providers = [
    { provide: CommandLog, useValue: commands },
    { provide: ReplyChannel, useValue: new InProcessReplyChannel(() => Date.now()) },
    { provide: StateTable, useValue: table },
  ];
  const transport = { module: Transport, global: true, providers, exports: providers.map(({ provide }) => provide) };
  const imports = [transport, GatewayModule.forRoot(settings)];
  const app = await NestFactory.create<NestFastifyApplication>({ module: Host, imports }, adapter, {
    bodyParser: false,
    logger: false,
  });
  configureGateway(app);
  await app.init();
  return app;
}
