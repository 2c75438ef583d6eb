import { type DynamicModule, Module } from '@nestjs/common';
import {
  ChangeLog,
  CommandLog,
  InProcessChangeLog,
  InProcessCommandLog,
  InProcessReplyChannel,
  InProcessStateTable,
  ReplyChannel,
  StateTable,
} from '#libs/messaging';

/** The bus of one process, for every module in it. */
@Module({})
export class InProcessModule {
  static forRoot(partitions: number): DynamicModule {
    const now = () => Date.now();
    const providers = [
      { provide: CommandLog, useFactory: () => new InProcessCommandLog(partitions) },
      { provide: ReplyChannel, useFactory: () => new InProcessReplyChannel(now) },
      { provide: ChangeLog, useFactory: () => new InProcessChangeLog() },
      { provide: StateTable, useFactory: () => new InProcessStateTable(now) },
    ];
    return { module: InProcessModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
