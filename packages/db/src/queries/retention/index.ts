export * from './cuts.ts';
export * from './runs.ts';
export * from './sealed-entries.ts';
export * from './state.ts';
