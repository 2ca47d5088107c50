import type { Agent } from 'undici';
import type { BuiltIn, Registry } from '../metrics/registry.ts';
import type { Plan } from '../options/plan.ts';
import type { Checks } from './checks.ts';

/** What the VUs of a thread share. */
export interface ThreadHost {
  readonly registry: Registry;
  readonly builtIn: BuiltIn;
  readonly checks: Checks;
  /** Folder that `open` takes relative paths from. */
  readonly scriptFolder: string;
  readonly env: Readonly<Record<string, string>>;
  plan: Plan;
  /** What `setup` returned. */
  setupJson: string | undefined;
  readonly agent: () => Agent;
  /** Arrays that all VUs share, by name. */
  readonly sharedArrays: Map<string, readonly unknown[]>;
  readonly openedFiles: Map<string, string | ArrayBuffer>;
  /** Milliseconds since the run began. */
  readonly elapsedMs: () => number;
  readonly counts: { active: number; initialized: number; completed: number; interrupted: number };
  readonly reportError: (error: unknown) => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  readonly abort: (reason: string) => void;
  readonly markFailed: (reason: string) => void;
}
