export * from './eventually.js';
export * from './given.js';
export * from './postgres.js';
export * from './free-port.js';
export * from './kafka/kafka.js';
export type { TestKafka } from './kafka/kafka-settings.js';
