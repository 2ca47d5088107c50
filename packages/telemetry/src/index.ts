export * from './broken-connections.ts';
export * from './level-metric.ts';
export * from './logger.ts';
export * from './metrics.ts';
export * from './readiness.ts';
export * from './unreadable.ts';
