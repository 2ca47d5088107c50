export * from './broken-connections.ts';
export * from './library-metrics.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './metrics-catalogue.ts';
export * from './prometheus-name.ts';
export * from './readiness.ts';
export * from './unreadable.ts';
