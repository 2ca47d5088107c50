import type { AuditEntry, AuditFilter, AuditPage, ErrorCode } from '@meldesync/protocol';
import { useEffect, useEffectEvent, useState } from 'react';
import { errorCodeOf } from '../../api/api.ts';
import { auditApi } from '../../api/audit.ts';
import { pageNow } from '../../time/page-time.ts';

/** How often it is looked what is new, while somebody looks. */
const POLL_MS = 2_000;
const LIMIT_MS = 10_000;
/** More than that at once is not followed: an import, for example. */
const PAGE = 500;
/** Of so many entries it is asked whether they are sealed meanwhile: as a rule none is older than some seconds. */
const MOST_UNSEALED = 200;

/** What came since the first page of a list. */
export interface NewEntries {
  /** Newest first; none of them twice. */
  readonly entries: readonly AuditEntry[];
  /** The batches of entries of the list that were sealed since, by key. */
  readonly seals: ReadonlyMap<string, number>;
  /** When it was last heard what is new, by the page's own time; null before the first time. */
  readonly heardAt: number | null;
  /** The last look failed. */
  readonly isStale: boolean;
  /** More came than is followed: the list has to be begun anew. */
  readonly isFlood: boolean;
  /** The service says that this person may no longer know. */
  readonly isForbidden: boolean;
}

interface NewEntriesInput {
  readonly workspace: string;
  readonly filter: AuditFilter;
  /** Of the first page; undefined until it is there. */
  readonly newest: string | undefined;
  /** The entries of the list before them. */
  readonly loaded: readonly AuditEntry[];
}

const NOTHING: NewEntries = {
  entries: [],
  seals: new Map(),
  heardAt: null,
  isStale: false,
  isFlood: false,
  isForbidden: false,
};

/** Follows a list of entries: looks every two seconds, while the page is seen, what came since its first page, and what was sealed. */
export function useNewEntries({
  workspace,
  filter,
  newest,
  loaded,
}: NewEntriesInput): NewEntries & { readonly retry: () => void } {
  const [state, setState] = useState({ newest, ...NOTHING });
  const [attempt, setAttempt] = useState(0);
  // Of another list: what came since that one's first page is of no use.
  if (state.newest !== newest) setState({ newest, ...NOTHING });
  const unsealed = useEffectEvent((): readonly string[] =>
    [...state.entries, ...loaded]
      .flatMap(({ key, seal }) => (seal === null && !state.seals.has(key) ? key : []))
      .slice(0, MOST_UNSEALED),
  );

  useEffect(() => {
    if (newest === undefined) return undefined;
    const ending = new AbortController();
    void follow({ workspace, filter, since: newest, unsealed: () => unsealed(), signal: ending.signal, tell });
    return () => ending.abort();

    function tell(told: Told): void {
      setState((known) => (known.newest === newest ? { ...known, ...heard(known, told) } : known));
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another attempt is to begin anew
  }, [workspace, filter, newest, attempt]);

  return { ...state, retry: () => setAttempt((count) => count + 1) };
}

type Told =
  | (Pick<AuditPage, 'entries' | 'seals'> & { readonly isFlood: boolean })
  | { readonly failed: 'forbidden' | 'otherwise' };

function heard(known: NewEntries, told: Told): Partial<NewEntries> {
  if ('failed' in told) return told.failed === 'forbidden' ? { isForbidden: true } : { isStale: true };
  const keys = new Set(known.entries.map(({ key }) => key));
  const added = told.entries.filter(({ key }) => !keys.has(key));
  const entries = added.length === 0 ? known.entries : [...added, ...known.entries];
  const seals =
    told.seals.length === 0
      ? known.seals
      : new Map([...known.seals, ...told.seals.map(({ key, seal }) => [key, seal] as const)]);
  return { entries, seals, heardAt: pageNow(), isStale: false, isFlood: told.isFlood };
}

interface FollowInput {
  readonly workspace: string;
  readonly filter: AuditFilter;
  readonly since: string;
  /** Keys of entries that are not sealed yet. */
  readonly unsealed: () => readonly string[];
  readonly signal: AbortSignal;
  readonly tell: (told: Told) => void;
}

/** Whether a list has to be begun anew, as the service no longer knows where it was. */
export function isLost(code: ErrorCode): boolean {
  return code === 'cursor-unknown' || code === 'cursor-of-another-query';
}

/** Asks until it is ended, or the person may not any more. Never rejects. */
async function follow({ workspace, filter, since: first, unsealed, signal, tell }: FollowInput): Promise<void> {
  let since = first;
  let asksForSeals = true;
  while (!signal.aborted) {
    await rest(signal);
    if (signal.aborted) return;
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
      const open = asksForSeals ? unsealed() : [];
      const page = await auditApi().query(workspace, {
        filter,
        since,
        limit: PAGE,
        ...(open.length > 0 ? { unsealed: [...open] } : {}),
        signal: limited,
      });
      since = page.newest;
      if (signal.aborted) return;
      tell({ entries: page.entries, seals: page.seals, isFlood: page.next !== null });
      // More came than fits: to begin anew is quicker than to catch up.
      if (page.next !== null) return;
    } catch (error) {
      if (signal.aborted) return;
      const code = errorCodeOf(error);
      if (code === 'forbidden') return tell({ failed: 'forbidden' });
      // A node of the release before does not know the question.
      if (code === 'invalid-field') asksForSeals = false;
      // Of an earlier sign-in, or too old: from there nothing leads on.
      if (isLost(code)) return tell({ entries: [], seals: [], isFlood: true });
      tell({ failed: 'otherwise' });
    }
  }
}

/** Waits until the next look is due: a while, and until the page is seen. */
async function rest(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, POLL_MS);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
  if (!document.hidden || signal.aborted) return;
  await new Promise<void>((resolve) => {
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done);
    function done(): void {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener('visibilitychange', done);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
