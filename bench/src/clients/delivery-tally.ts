import { LatencyHistogram } from '../measure/latency-histogram.ts';

/** One edit, as the clients of one process saw it. Times in epoch milliseconds. */
export interface EditSeen {
  readonly record: number;
  readonly version: number;
  /** When Postgres wrote the change, within its transaction. */
  readonly atMs: number;
  /** When the last of the clients had applied it. */
  readonly lastMs: number;
  /** How many clients applied it, and how many of them more than once. */
  readonly clients: number;
  readonly repeated: number;
}

interface Edit {
  readonly record: number;
  readonly version: number;
  readonly atMs: number;
  lastMs: number;
  /** How often each client applied it. */
  readonly times: Uint8Array;
}

/** Notes which client applied which edit, and how long after its commit. */
export class DeliveryTally {
  readonly #clients: number;
  #edits = new Map<string, Edit>();
  #latencies = new LatencyHistogram();
  #applied = 0;

  constructor(clients: number) {
    this.#clients = clients;
  }

  /** How many times a client has applied an edit since the last report. */
  get applied(): number {
    return this.#applied;
  }

  note(client: number, change: { record: number; version: number; atMs: number }, nowMs: number): void {
    const { record, version, atMs } = change;
    const key = `${record}@${version}`;
    let edit = this.#edits.get(key);
    if (!edit) {
      edit = { record, version, atMs, lastMs: nowMs, times: new Uint8Array(this.#clients) };
      this.#edits.set(key, edit);
    }
    edit.times[client] = (edit.times[client] ?? 0) + 1;
    edit.lastMs = Math.max(edit.lastMs, nowMs);
    this.#latencies.record(nowMs - atMs);
    this.#applied += 1;
  }

  /** What has been noted since the last report; the next one begins empty. */
  report(): { readonly edits: EditSeen[]; readonly latencies: string } {
    const edits = [...this.#edits.values()].map(({ record, version, atMs, lastMs, times }) => ({
      record,
      version,
      atMs,
      lastMs,
      clients: times.reduce((sum, count) => sum + Math.min(count, 1), 0),
      repeated: times.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0),
    }));
    const latencies = this.#latencies.encode();
    this.#edits = new Map();
    this.#latencies = new LatencyHistogram();
    this.#applied = 0;
    return { edits, latencies };
  }
}
