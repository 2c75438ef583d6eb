import type { ChangeLog } from '../change-log.js';
import type { CommandLog } from '../command-log.js';
import type { ReplyChannel } from '../reply-channel.js';
import type { StateTable } from '../state-table.js';

/** A transport as the contracts see it: its four ports, and fresh topics of `PARTITIONS` partitions. */
export interface BusUnderTest {
  commands: CommandLog;
  replies: ReplyChannel;
  changes: ChangeLog;
  states: StateTable;
  newTopic(kind: 'log' | 'table'): Promise<string>;
}

export const PARTITIONS = 4;
