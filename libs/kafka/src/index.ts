export * from './connect-kafka.js';
export * from './kafka.module.js';
