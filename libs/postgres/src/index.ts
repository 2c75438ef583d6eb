export * from './database.js';
export * from './migrate.js';
export * from './provision.js';
export * from './event-store.js';
export * from './embedded/start.js';
