import type { MetricDescription } from '../metrics/registry.ts';
import type { SinkState } from '../metrics/sink.ts';
import type { Plan } from '../options/plan.ts';
import type { CheckCount } from './checks.ts';
import type { Segment } from './executors/segment.ts';

/** What a thread is started with. */
export interface ThreadOptions {
  /** The bundled script. */
  readonly code: string;
  /** The script's file, for error messages and for `open`. */
  readonly scriptFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly segment: Segment;
  /** Numbers that all threads share: of the next VU, and of the next iteration of each scenario. */
  readonly counts: SharedArrayBuffer;
}

/** How many scenarios a run has at most: places in the shared numbers. */
export const MOST_SCENARIOS = 255;

/** What a script exports. */
interface Loaded {
  readonly options: unknown;
  readonly functions: readonly string[];
}

/** Files that a script's `handleSummary` gives, by name; `stdout` and `stderr` are those streams. */
export type SummaryFiles = Readonly<Record<string, string | ArrayBuffer>>;

/** What a thread is asked to do, with what it answers. */
export interface ThreadCalls {
  load: { input: null; output: Loaded };
  /** Takes the plan, and has the VUs made that begin at once. @returns all metrics */
  prepare: { input: Plan; output: MetricDescription[] };
  /** @returns what the function returned, as JSON */
  setup: { input: null; output: string | undefined };
  /** Runs this thread's part of all scenarios. */
  run: { input: string | undefined; output: null };
  /** Ends all scenarios at once. */
  stop: { input: null; output: null };
  teardown: { input: null; output: null };
  summarize: { input: unknown; output: SummaryFiles | null };
}

export type ThreadCallName = keyof ThreadCalls;

export interface ThreadRequest {
  readonly id: number;
  readonly name: ThreadCallName;
  readonly input: unknown;
}

/** What a thread says. */
export type ThreadMessage =
  | { readonly type: 'reply'; readonly id: number; readonly output: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly message: string; readonly exitCode: number }
  | {
      readonly type: 'samples';
      /** Since the run began. */
      readonly second: number;
      readonly metrics: Readonly<Record<string, SinkState>>;
      readonly checks: Readonly<Record<string, CheckCount>>;
      readonly vusActive: number;
      readonly vusInitialized: number;
      readonly iterationsInterrupted: number;
    }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | { readonly type: 'scriptError'; readonly text: string }
  | { readonly type: 'abort'; readonly reason: string }
  | { readonly type: 'markedFailed'; readonly reason: string };
