export * from './refusal.js';
export * from './decider.js';
export * from './event-store.js';
export * from './execute.js';
