export * from './connection.js';
export * from './ensure-topics.js';
export * from './command-log.js';
export * from './reply-channel.js';
export * from './change-log.js';
export * from './state-table.js';
export * from './kafka.module.js';
