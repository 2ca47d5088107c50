export * from './import-queue.ts';
export * from './queue-prefix.ts';
