import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '.data/**'];

/** They watch or break the process they are in, put other code in place of ours, or start the whole product. */
const OF_PROCESSES = [
  'testkit/test/{broken-connections,simulation-faults}.test.ts',
  // Millions of promises: seconds in a process of its own, minutes in one whose promises other files have begun to follow.
  'packages/client/src/client.outage.test.ts',
  'scripts/start.test.mjs',
  'deploy/observability/test/observe.test.mjs',
  'scripts/lib/{service,stop-stack,test-services}.test.mjs',
  'scripts/lib/nightly/run-trial.test.mjs',
  'scripts/lib/supervise/supervise.test.mjs',
];

/** The longest: minutes each. `npm run nightly` runs them, and `npm test -- PATH`. */
const NIGHTLY = [
  'apps/relay/test/{restored-dump,restored-postgres,slot-wait,ways-of-sql}.test.ts',
  'apps/sync-node/test/degradation.test.ts',
  'apps/web/test/{administration-accessibility,audit-accessibility,letters,one-browser,profile-folder,row-stability}.test.ts',
  'apps/worker/test/{level,retention-million,silent-postgres}.test.ts',
  'k6/test/planted-fault.test.ts',
  'packages/db/test/seal-tampering.test.ts',
  'testkit/test/audit-operations.test.ts',
];

/**
 * A tenth of the files, more than half of the time: they watch servers stand still and come back, look at every page in every theme, throw
 * thousands of inputs, or start the whole product. `npm test` leaves them out, `npm test -- --all` and `.ci/run` do not.
 */
const LONG = [
  // Servers that stand still, end, or come back as something else.
  'apps/sync-node/test/{forged-reports,redis-away,silent-postgres,table-lock}.test.ts',
  'apps/relay/test/{frozen-relay,health,redis-away,standby,stream-damaged,synced-slot}.test.ts',
  'apps/worker/test/{fair,interrupted,silent-redis}.test.ts',
  'packages/bus/test/silent-redis.test.ts',
  'packages/db/test/keep-connected.test.ts',
  // Every page, theme, width and file of a profile; a whole day of people.
  'apps/web/test/{accessibility,administration,administration-together,audit,bulk,degraded,fit,long-trail}.test.ts',
  'apps/web/test/{erased-case,full-storage,imports,left-tabs,operations,security,signed-out,without-service,wrong-clock}.test.ts',
  'testkit/test/{privacy,settings}.test.ts',
  // Thousands of inputs, one after the other.
  'apps/sync-node/test/{authorisation-matrix,port-bytes,single-sign-on-forged,socket-fuzz}.test.ts',
  // Programs as people start them.
  'apps/cli/test/{device-sign-in,process,verify}.test.ts',
  'scripts/lib/balanced-cluster.test.mjs',
  // With programs of PostgreSQL that are fetched once.
  'deploy/backup/test/hidden-password.test.ts',
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
            'k6/**/*.test.ts',
            'docs/test/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
          exclude: [...exclude, ...OF_PROCESSES, ...LONG, ...NIGHTLY],
          ...shared,
        },
      },
      {
        extends: true,
        test: { name: 'long', include: LONG, exclude, ...shared },
      },
      {
        extends: true,
        test: { name: 'nightly', include: NIGHTLY, exclude, ...shared },
      },
      {
        extends: true,
        test: { name: 'alone', include: OF_PROCESSES, exclude },
      },
    ],
  },
});
