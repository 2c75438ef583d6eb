export * from './settings.js';
export * from './process-settings.js';
export * from './clock.js';
export * from './run-service.js';
export * from './log.module.js';
export * from './health.controller.js';
