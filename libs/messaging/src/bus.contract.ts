import type { BusUnderTest } from './contract/bus-under-test.contract.js';
import { changeLogContract } from './contract/change-log.contract.js';
import { commandLogContract } from './contract/command-log.contract.js';
import { replyChannelContract } from './contract/reply-channel.contract.js';
import { stateTableContract } from './contract/state-table.contract.js';

export type { BusUnderTest } from './contract/bus-under-test.contract.js';
export { PARTITIONS } from './contract/bus-under-test.contract.js';

/** What every transport must hold: the one suite that the in-process and the Kafka adapters both pass. */
export function busContract(bus: () => BusUnderTest): void {
  describe('command log', () => commandLogContract(bus));
  describe('reply channel', () => replyChannelContract(bus));
  describe('change log', () => changeLogContract(bus));
  describe('state table', () => stateTableContract(bus));
}
