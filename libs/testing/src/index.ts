export * from './eventually.js';
export * from './given.js';
export * from './postgres.js';
export * from './free-port.js';
export * from './kafka/kafka.js';
export { type BrokerProcess, makeBroker } from './kafka/kafka-jars.js';
export type { TestKafka } from './kafka/kafka-settings.js';
export * from './tcp-proxy.js';
export * from './postgres-process.js';
