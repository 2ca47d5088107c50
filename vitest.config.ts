import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];

/** They watch or break the process they are in, put other code in place of ours, or start the whole product. */
const OF_PROCESSES = [
  'testkit/test/{broken-connections,simulation-faults}.test.ts',
  'scripts/start.test.mjs',
  'deploy/observability/test/observe.test.mjs',
  'scripts/lib/{service,stop-stack,test-services}.test.mjs',
  'scripts/lib/nightly/run-trial.test.mjs',
  'scripts/lib/supervise/supervise.test.mjs',
];

/**
 * Files share a process one after the other: reading the code takes longer than most of them. Each ends what it has started,
 * and what it replaced is put back here.
 */
const shared = { isolate: false, unstubGlobals: true, unstubEnvs: true, restoreMocks: true };

export default defineConfig({
  test: {
    globalSetup: ['testkit/src/services/global-setup.ts'],
    // Tests start servers and native modules: they run in processes, more than a small machine has cores, as many wait.
    pool: 'forks',
    maxWorkers: 5,
    // They end a test that hangs, also on a machine that does other things; no test is about how long something takes.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: [
            '{apps,packages,bench,testkit}/**/src/**/*.test.{ts,tsx}',
            '{apps,packages,testkit}/**/test/**/*.test.{ts,tsx}',
            'deploy/**/*.test.{ts,mjs}',
            'scripts/**/*.test.mjs',
          ],
          exclude: [...exclude, ...OF_PROCESSES],
          ...shared,
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: OF_PROCESSES, exclude },
      },
    ],
  },
});
