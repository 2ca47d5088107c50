import type { BusFrame } from '@meldesync/bus';
import type { EditStep } from '@meldesync/db';
import type { EditOutcome, ErrorCode, Report, TierMs, Welcome } from '@meldesync/protocol';

/** An edit on its way through this node. */
export interface EditWatch {
  /** What its changes name as their trace. */
  readonly traceparent: string | undefined;
  /** A step of its transaction is over. */
  readonly stepped: (step: EditStep) => void;
  /** It was answered, or could not be carried out; `isFault`: by the service's own failure. */
  readonly ended: (
    answer: { outcomes: readonly EditOutcome[] } | { refused: ErrorCode } | { failed: true; isFault: boolean },
  ) => void;
}

/** What an edit is about, as far as that may be told. */
export interface ArrivedEdit {
  readonly traceparent: string | undefined;
  readonly via: 'web' | 'cli' | 'api';
  readonly items: number;
  /** How long it has waited for those before it. */
  readonly waitedMs: number;
  readonly person: string;
  /** It came over a connection, whose client may tell how long it took; nobody else does. */
  readonly mayTell: boolean;
}

/** Frames of a workspace that have been given to so many sockets of a tier, as one message. */
export interface Flushed {
  readonly workspace: string;
  readonly frames: readonly BusFrame[];
  readonly tierMs: TierMs;
  readonly sockets: number;
}

/** Whose client says what it has seen: the workspace that it follows, and how far apart it gets changes. */
export interface Teller {
  readonly person: string;
  readonly workspace: string;
  readonly tierMs: TierMs;
}

/** Follows edits and frames through a node, up to the screens of its clients (R5.3, R5.4). */
export interface PathWatch {
  /** What a client is to report, where so many follow the feed with it. */
  readonly reports: (clients: number) => Welcome['reports'];
  readonly editArrived: (edit: ArrivedEdit) => EditWatch;
  readonly flushed: (flushed: Flushed) => void;
  /** A client says what it has seen. */
  readonly reported: (report: Report, teller: Teller) => void;
}

/** Nobody looks. */
export const UNWATCHED: PathWatch = {
  reports: () => undefined,
  editArrived: ({ traceparent }) => ({ traceparent, stepped: () => undefined, ended: () => undefined }),
  flushed: () => undefined,
  reported: () => undefined,
};
