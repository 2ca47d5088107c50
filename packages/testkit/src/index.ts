export * from './cluster.ts';
export * from './environment.ts';
export * from './eventually.ts';
export * from './free-port.ts';
export * from './people.ts';
export * from './sample-records.ts';
export * from './test-database.ts';
export * from './test-redis.ts';
