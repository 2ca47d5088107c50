export * from './erase-case.ts';
export * from './open-erasures.ts';
