export * from './awake-timers.ts';
export * from './listen-as.ts';
export * from './resource-stack.ts';
export { reasonOf, runOnce } from './run-once.ts';
export * from './run-process.ts';
export * from './supported-versions.ts';
export * from './version.ts';
export * from './watch-redis.ts';
export * from './with-timeout.ts';
