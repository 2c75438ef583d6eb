export * from './message.js';
export * from './command-log.js';
export * from './reply-channel.js';
export * from './change-log.js';
export * from './state-table.js';
