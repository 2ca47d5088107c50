import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,packages,testkit,bench}/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['testkit/src/services/global-setup.ts'],
    // Tests start servers and native modules: each file has a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    // They end a test that hangs, also on a machine that does other things; no test is about how long something takes.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
