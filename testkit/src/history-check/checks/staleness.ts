import type { DumpedChange } from '../dump.ts';
import { type Finding, finding } from '../finding.ts';
import { byWho, type HistoryEvent } from '../history-event.ts';
import type { Truth } from '../truth.ts';

/** Nobody who looks may be behind for longer than this without being told. */
const LONGEST_UNTOLD_MS = 10_000;

/** How far behind screens were. */
export interface Staleness {
  readonly findings: readonly Finding[];
  /** The longest that a committed change was not on a screen. */
  readonly longestStaleMs: number;
  /** The longest of it in one piece during which the screen said that it was current. */
  readonly untoldStaleMs: number;
}

/** A time during which a screen said that it was current. */
interface Told {
  readonly fromMs: number;
  readonly toMs: number;
  readonly event: HistoryEvent;
}

/** Compares when changes were committed with when each screen showed them. Times are those of the wall clock. */
export function checkStaleness(truth: Truth, events: readonly HistoryEvent[]): Staleness {
  const found: Finding[] = [];
  let longestStaleMs = 0;
  let untoldStaleMs = 0;
  for (const [who, own] of byWho(events)) {
    const first = own.find(({ kind }) => kind === 'snapshot');
    const last = own.at(-1);
    if (!first || !last) continue;
    const told = toldTimes(own, last.wallMs);
    const shown = shownTimes(own);
    const worst = new Map<Told, { readonly untoldMs: number; readonly change: DumpedChange }>();
    for (const change of truth.dump.changes) {
      const fromMs = Math.max(change.atMs, first.wallMs);
      const shownAtMs = shownFrom(shown.get(change.record) ?? [], change.version, change.op === 'delete');
      const toMs = Math.min(shownAtMs ?? last.wallMs, last.wallMs);
      if (toMs <= fromMs) continue;
      longestStaleMs = Math.max(longestStaleMs, toMs - fromMs);
      for (const piece of told) {
        const untoldMs = Math.min(toMs, piece.toMs) - Math.max(fromMs, piece.fromMs);
        untoldStaleMs = Math.max(untoldStaleMs, untoldMs);
        if (untoldMs > Math.max(LONGEST_UNTOLD_MS, worst.get(piece)?.untoldMs ?? 0))
          worst.set(piece, { untoldMs, change });
      }
    }
    for (const [piece, { untoldMs, change }] of worst) {
      const missing = `version ${change.version} of record ${change.record}`;
      const what = `${who} was told that it is live for ${(untoldMs / 1_000).toFixed(1)} s without ${missing}`;
      found.push(finding('stale-untold', what, [piece.event], [change]));
    }
  }
  return { findings: found, longestStaleMs: Math.round(longestStaleMs), untoldStaleMs: Math.round(untoldStaleMs) };
}

function toldTimes(own: readonly HistoryEvent[], endMs: number): Told[] {
  const told: Told[] = [];
  let live: HistoryEvent | undefined;
  for (const event of own) {
    if (event.kind === 'told-live') live ??= event;
    else if (live && (event.kind === 'told-stale' || event.kind === 'ended')) {
      told.push({ fromMs: live.wallMs, toMs: event.wallMs, event: live });
      live = undefined;
    }
  }
  return live ? [...told, { fromMs: live.wallMs, toMs: endMs, event: live }] : told;
}

interface Shown {
  readonly atMs: number;
  /** Infinite once it was taken away. */
  readonly version: number;
}

/** When a screen showed which version of each record. */
function shownTimes(own: readonly HistoryEvent[]): Map<number, Shown[]> {
  const shown = new Map<number, Shown[]>();
  const add = (record: number, one: Shown): void => {
    const times = shown.get(record);
    if (times) times.push(one);
    else shown.set(record, [one]);
  };
  for (const event of own) {
    if (event.kind === 'snapshot') {
      const held = new Set(event.records.map(([record]) => record));
      const gone = [...shown.keys()].filter((record) => !held.has(record));
      for (const record of gone) add(record, { atMs: event.wallMs, version: Number.POSITIVE_INFINITY });
      for (const [record, version] of event.records) add(record, { atMs: event.wallMs, version });
    } else if (event.kind === 'applied')
      add(event.record, { atMs: event.wallMs, version: event.to ?? Number.POSITIVE_INFINITY });
  }
  return shown;
}

/** When a version, or a later one, was first shown; a screen without the record has shown its deletion. */
function shownFrom(shown: readonly Shown[], version: number, isDeletion: boolean): number | undefined {
  if (isDeletion && shown.length === 0) return Number.NEGATIVE_INFINITY;
  return shown.find((one) => one.version >= version)?.atMs;
}
