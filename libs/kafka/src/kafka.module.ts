import { type DynamicModule, Injectable, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ChangeLog, CommandLog, ReplyChannel, StateTable } from '#libs/messaging';
import { connectKafka, type KafkaBus, type KafkaOptions } from './connect-kafka.js';

/** Ends the connection last of all: services still answer and report while they shut down. */
@Injectable()
class KafkaConnection implements OnApplicationShutdown {
  constructor(readonly bus: KafkaBus) {}

  onApplicationShutdown(): Promise<void> {
    return this.bus.close();
  }
}

/** The bus on Kafka, for every module of the process. */
@Module({})
export class KafkaModule {
  static forRoot(options: Omit<KafkaOptions, 'log'>): DynamicModule {
    const logger = new Logger('Kafka');
    const log: KafkaOptions['log'] = (level, message) => logger[level](message);
    const part = <T>(provide: abstract new () => T, pick: (bus: KafkaBus) => T) => ({
      provide,
      useFactory: ({ bus }: KafkaConnection) => pick(bus),
      inject: [KafkaConnection],
    });
    const ports = [
      part(CommandLog, ({ commands }) => commands),
      part(ReplyChannel, ({ replies }) => replies),
      part(ChangeLog, ({ changes }) => changes),
      part(StateTable, ({ states }) => states),
    ];
    const connection = {
      provide: KafkaConnection,
      useFactory: async () => new KafkaConnection(await connectKafka({ ...options, log })),
    };
    return {
      module: KafkaModule,
      global: true,
      providers: [connection, ...ports],
      exports: ports.map(({ provide }) => provide),
    };
  }
}
