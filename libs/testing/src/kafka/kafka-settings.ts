/** A broker for tests, on loopback. */
export interface TestKafka {
  brokers: string;
  stop(): Promise<void>;
}

export const KAFKA_VERSION = '4.3.1';

/** The settings of a single broker that is its own controller (KRaft), for tests: quick to join, gone when stopped. */
export function brokerSettings(ports: { broker: number; controller: number }, logFolder: string): Map<string, string> {
  return new Map([
    ['process.roles', 'broker,controller'],
    ['node.id', '1'],
    ['controller.quorum.voters', `1@127.0.0.1:${ports.controller}`],
    ['listeners', `PLAINTEXT://127.0.0.1:${ports.broker},CONTROLLER://127.0.0.1:${ports.controller}`],
    ['advertised.listeners', `PLAINTEXT://127.0.0.1:${ports.broker}`],
    ['controller.listener.names', 'CONTROLLER'],
    ['listener.security.protocol.map', 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT'],
    ['log.dirs', logFolder],
    ['offsets.topic.replication.factor', '1'],
    ['offsets.topic.num.partitions', '4'],
    ['transaction.state.log.replication.factor', '1'],
    ['transaction.state.log.min.isr', '1'],
    ['transaction.state.log.num.partitions', '4'],
    ['group.initial.rebalance.delay.ms', '0'],
    // Nothing may depend on a broker that makes topics by itself.
    ['auto.create.topics.enable', 'false'],
  ]);
}
