export * from './resource-stack.ts';
export * from './run-process.ts';
