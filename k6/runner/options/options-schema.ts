import { z } from 'zod';
import { durationMs } from './duration.ts';

const duration = z.union([z.string(), z.number()]).transform((text, context) => {
  const ms = durationMs(String(text));
  if (ms === undefined) context.addIssue({ code: 'custom', message: `"${text}" is no duration, such as 1m30s` });
  return ms ?? z.NEVER;
});
const count = z.int().min(0);
const some = z.int().min(1);
const stages = z.array(z.strictObject({ duration, target: count })).min(1);
const tags = z.record(z.string(), z.string());

const shared = {
  startTime: duration.optional(),
  gracefulStop: duration.optional(),
  exec: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  tags: tags.optional(),
};

const scenarioSchema = z.discriminatedUnion('executor', [
  z.strictObject({
    ...shared,
    executor: z.literal('shared-iterations'),
    vus: some.default(1),
    iterations: some.default(1),
    maxDuration: duration.default(600_000),
  }),
  z.strictObject({
    ...shared,
    executor: z.literal('per-vu-iterations'),
    vus: some.default(1),
    iterations: some.default(1),
    maxDuration: duration.default(600_000),
  }),
  z.strictObject({ ...shared, executor: z.literal('constant-vus'), vus: some.default(1), duration }),
  z.strictObject({
    ...shared,
    executor: z.literal('ramping-vus'),
    startVUs: count.default(1),
    stages,
    gracefulRampDown: duration.default(30_000),
  }),
  z.strictObject({
    ...shared,
    executor: z.literal('constant-arrival-rate'),
    rate: some,
    timeUnit: duration.default(1_000),
    duration,
    preAllocatedVUs: count,
    maxVUs: some.optional(),
  }),
  z.strictObject({
    ...shared,
    executor: z.literal('ramping-arrival-rate'),
    startRate: count.default(0),
    timeUnit: duration.default(1_000),
    stages,
    preAllocatedVUs: count,
    maxVUs: some.optional(),
  }),
]);

const threshold = z.union([
  z.string().transform((text) => ({ threshold: text })),
  z.strictObject({ threshold: z.string(), abortOnFail: z.boolean().optional(), delayAbortEval: duration.optional() }),
]);

/** The options of k6 that the runner knows. One that it does not know is refused: it would be without effect. */
export const optionsSchema = z.strictObject({
  scenarios: z.record(z.string(), scenarioSchema).optional(),
  thresholds: z.record(z.string(), z.array(threshold)).optional(),
  vus: some.optional(),
  duration: duration.optional(),
  iterations: some.optional(),
  stages: stages.optional(),
  tags: tags.optional(),
  setupTimeout: duration.default(60_000),
  teardownTimeout: duration.default(60_000),
  discardResponseBodies: z.boolean().default(false),
  insecureSkipTLSVerify: z.boolean().default(false),
  maxRedirects: count.default(10),
  noCookiesReset: z.boolean().default(false),
  summaryTrendStats: z.array(z.string()).default(['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']),
  userAgent: z.string().default('meldesync-k6-runner'),
  // Says what is measured about k6 itself, or where results go: without meaning here.
  noUsageReport: z.boolean().optional(),
  systemTags: z.array(z.string()).optional(),
});

export type ScenarioOptions = z.output<typeof scenarioSchema>;
export type ScriptOptions = z.output<typeof optionsSchema>;
