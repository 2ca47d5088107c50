import { EpochBegunError, type FeedHold, type FeedPosition, type FeedState, type StoredFeedState } from '@meldesync/db';
import { type FramePosition, ORIGIN } from '@meldesync/protocol';
import type { SimLog } from './sim-log.ts';

/** What a new epoch stands on. */
export interface EpochStart extends Pick<FeedState, 'epoch' | 'confirmedLsn' | 'baseSnapshot'> {
  readonly timeline: number;
  readonly checksum: number;
}

interface Saved {
  readonly commits: number;
  readonly state: StoredFeedState | undefined;
  readonly positions: ReadonlyMap<string, FeedPosition>;
}

/** The tables in which Postgres keeps where the feed stands, by the rules of `packages/db/src/queries/feed-state.ts`. */
export class SimFeedTables {
  state: StoredFeedState | undefined;
  positions: ReadonlyMap<string, FeedPosition> = new Map();
  /** The log that each epoch is of, and the feed before it: what its cursors `…:0-0` cover. */
  readonly epochs = new Map<string, { readonly log: SimLog; readonly start: FramePosition }>();
  readonly #workspace: string;
  readonly #saved: Saved[] = [];
  #log: SimLog;

  constructor(workspace: string, log: SimLog) {
    this.#workspace = workspace;
    this.#log = log;
  }

  /** `takeFeed` */
  take({ epoch, confirmedLsn }: Pick<FeedState, 'epoch' | 'confirmedLsn'>): number | undefined {
    if (this.state?.epoch !== epoch || this.state.confirmedLsn !== confirmedLsn) return undefined;
    const token = (this.state.token ?? 0) + 1;
    this.#set({ ...this.state, token }, this.positions);
    return token;
  }

  /** `confirmFeed` */
  confirm({ epoch, token }: FeedHold, lsn: string, positions: ReadonlyMap<string, FeedPosition>): boolean {
    const { state } = this;
    if (state?.epoch !== epoch || state.token !== token || Number(state.confirmedLsn) > Number(lsn)) return false;
    this.#set({ ...state, confirmedLsn: lsn }, new Map([...this.positions, ...positions]));
    return true;
  }

  /** `endEpoch` */
  end(epoch: string | undefined): void {
    if (this.state?.epoch !== epoch) throw new EpochBegunError();
    this.#set(undefined, new Map());
  }

  /** `beginEpoch` */
  begin({ checksum, timeline, ...start }: EpochStart, former: string | undefined): StoredFeedState {
    if (this.state?.epoch !== former) throw new EpochBegunError();
    this.epochs.set(start.epoch, { log: this.#log, start: this.#log.positionAt(start.confirmedLsn) });
    const state: StoredFeedState = { ...start, systemId: 'simulation', history: 'simulation', timeline, token: null };
    this.#set(state, new Map([[this.#workspace, { position: ORIGIN, checksum }]]));
    return state;
  }

  /** As the tables were when the log, of which `log` is the part that is left, had so many commits. */
  setBack(log: SimLog): void {
    this.#log = log;
    const saved = this.#saved.findLast(({ commits }) => commits <= log.commits.length);
    this.state = saved?.state;
    this.positions = saved?.positions ?? new Map();
  }

  #set(state: StoredFeedState | undefined, positions: ReadonlyMap<string, FeedPosition>): void {
    this.state = state;
    this.positions = positions;
    this.#saved.push({ commits: this.#log.commits.length, state, positions });
  }
}
