import { randomUUID } from 'node:crypto';
import { busContract, type BusUnderTest, PARTITIONS } from '../bus.contract.js';
import { InProcessChangeLog } from './change-log.js';
import { InProcessCommandLog } from './command-log.js';
import { InProcessReplyChannel } from './reply-channel.js';
import { InProcessStateTable } from './state-table.js';

const now = () => Date.now();
const bus: BusUnderTest = {
  commands: new InProcessCommandLog(PARTITIONS),
  replies: new InProcessReplyChannel(now),
  changes: new InProcessChangeLog(),
  states: new InProcessStateTable(now),
  newTopic: () => Promise.resolve(randomUUID()),
};

describe('the bus within one process', () => busContract(() => bus));
