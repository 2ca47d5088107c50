export * from './broken-connections.ts';
export { EVENTS } from './events/catalogue.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './readiness.ts';
export * from './unreadable.ts';
