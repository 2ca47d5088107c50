export * from './better-auth-provider.ts';
export * from './browsing.ts';
export * from './forging-provider.ts';
export * from './test-provider.ts';
