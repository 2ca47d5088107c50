import type { AppliedChange, RecordStore, Unsubscribe } from '@meldesync/client';

/** What others changed within one span of time. */
export interface RemoteSummary {
  /** As in `Change.by`. */
  readonly people: ReadonlySet<string>;
  /** One entry a case. Only counted: it holds case ids. */
  readonly cases: ReadonlySet<string>;
}

/** How long changes are collected before they are announced together. */
export const COLLECT_MS = 4_000;

/** Calls `announce` with what others changed, at most once in `COLLECT_MS`. */
export function collectRemoteChanges(
  store: Pick<RecordStore, 'subscribe'>,
  announce: (summary: RemoteSummary) => void,
): Unsubscribe {
  let people = new Set<string>();
  let cases = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const flush = (): void => {
    timer = null;
    announce({ people, cases });
    people = new Set();
    cases = new Set();
  };

  const unsubscribe = store.subscribe((changes) => {
    for (const applied of changes) {
      if (applied.own) continue;
      people.add(applied.change.by);
      cases.add(caseOf(applied));
      timer ??= setTimeout(flush, COLLECT_MS);
    }
  });

  return () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  };
}

function caseOf({ change, before, after }: AppliedChange): string {
  const caseId = (after ?? before)?.caseId ?? null;
  return caseId === null ? `record:${change.record}` : `case:${caseId}`;
}
