/** What goes over the wire, as far as these scripts look at it. What it means: packages/protocol/PROTOCOL.md. */

export interface Change {
  readonly record: number;
  readonly version: number;
  readonly op: 'insert' | 'update' | 'delete';
  readonly set: { readonly done?: boolean };
  readonly operation?: string;
}

export interface Frame {
  readonly id: string;
  readonly prev: string;
  readonly changes: readonly Change[];
  readonly sum?: number;
}

export interface FrameRange {
  readonly from: string;
  readonly to: string;
}

export interface WireRecord {
  readonly id: number;
  readonly version: number;
  readonly done: boolean;
}

export interface SnapshotPage {
  readonly cursor: string;
  readonly edition?: string;
  readonly records: readonly WireRecord[];
  readonly unreadable?: readonly { readonly id: number; readonly version: number }[];
  readonly next: number | null;
}

export interface FramesPage {
  readonly frames: readonly Frame[];
  readonly next: string | null;
  readonly head: string;
}

export interface Patch {
  readonly note?: string | null;
  readonly done?: boolean;
}

export interface EditItem {
  readonly record: number;
  readonly baseVersion: number;
  readonly set: Patch;
  readonly resolves?: { readonly conflict: string; readonly as: 'reapplied' | 'merged' };
}

export type Outcome =
  | { readonly record: number; readonly outcome: 'accepted'; readonly version: number }
  | {
      readonly record: number;
      readonly outcome: 'conflict';
      readonly conflict: string;
      readonly current: { readonly version: number };
    }
  | { readonly record: number; readonly outcome: 'rejected'; readonly code: string };

export interface Lock {
  readonly lock: string;
  readonly records: readonly number[];
}

/** P51: why a client that was live before comes anew. */
export type AwayReason = 'closed' | 'silence' | 'stale' | 'drain' | 'slow' | 'other';

export type UpMessage =
  | {
      readonly type: 'hello';
      readonly workspace: string;
      readonly instance: string;
      readonly stays?: boolean;
      readonly after?: { readonly reason: AwayReason; readonly awayMs: number; readonly epoch: string };
      readonly client: { readonly kind: 'cli'; readonly version: string };
    }
  | { readonly type: 'subscribe'; readonly cursor: string }
  | { readonly type: 'diverged'; readonly cursor: string }
  | { readonly type: 'edit'; readonly operation: string; readonly items: readonly EditItem[] }
  | { readonly type: 'lock'; readonly request: string; readonly records: readonly number[] }
  | { readonly type: 'unlock'; readonly request: string; readonly lock: string }
  | { readonly type: 'attend'; readonly records: readonly number[] }
  | { readonly type: 'ping'; readonly sentAt: number; readonly roundTripMs?: number; readonly applyLagMs?: number };

export type DownMessage =
  | { readonly type: 'welcome'; readonly epoch: string; readonly user: string; readonly role: string }
  | { readonly type: 'subscribed'; readonly head: string; readonly sum?: number }
  | { readonly type: 'frames'; readonly frames: readonly Frame[]; readonly sentAt?: number }
  | ({ readonly type: 'range'; readonly changes: number; readonly spreadMs?: number } & FrameRange)
  | { readonly type: 'reset'; readonly reason: string }
  | { readonly type: 'behind' }
  | { readonly type: 'edited'; readonly operation: string; readonly outcomes: readonly Outcome[] }
  | { readonly type: 'lock-granted'; readonly request: string; readonly lock: Lock }
  | { readonly type: 'lock-held'; readonly request: string }
  | { readonly type: 'unlocked'; readonly request: string }
  | { readonly type: 'tier'; readonly everyMs: number }
  | { readonly type: 'freshness'; readonly ageMs: number | null }
  | { readonly type: 'pong'; readonly sentAt: number; readonly head?: string; readonly ageMs?: number }
  | { readonly type: 'error'; readonly code: string; readonly operation?: string; readonly request?: string }
  | { readonly type: 'locks' | 'presence' | 'import' | 'administration' | 'role' };
