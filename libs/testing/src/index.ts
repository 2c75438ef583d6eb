export * from './eventually.js';
export * from './given.js';
export * from './postgres.js';
export * from './free-port.js';
