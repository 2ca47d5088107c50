import type { AuditEntry, AuditFilter, ErrorCode } from '@meldesync/protocol';
import { useEffect, useState } from 'react';
import { errorCodeOf } from '../../api/api.ts';
import { auditApi } from '../../api/audit.ts';
import { pageNow } from '../../time/page-time.ts';

/** How often it is looked what is new, while somebody looks. */
const POLL_MS = 2_000;
const LIMIT_MS = 10_000;
/** More than that at once is not followed: an import, for example. */
const PAGE = 500;

/** What came since the first page of a list. */
export interface NewEntries {
  /** Newest first; none of them twice. */
  readonly entries: readonly AuditEntry[];
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
}

const NOTHING: NewEntries = { entries: [], heardAt: null, isStale: false, isFlood: false, isForbidden: false };

/** Follows a list of entries: looks every two seconds, while the page is seen, what came since its first page. */
export function useNewEntries({
  workspace,
  filter,
  newest,
}: NewEntriesInput): NewEntries & { readonly retry: () => void } {
  const [state, setState] = useState({ newest, ...NOTHING });
  const [attempt, setAttempt] = useState(0);
  // Of another list: what came since that one's first page is of no use.
  if (state.newest !== newest) setState({ newest, ...NOTHING });

  useEffect(() => {
    if (newest === undefined) return undefined;
    const ending = new AbortController();
    void follow({ workspace, filter, since: newest, signal: ending.signal, tell });
    return () => ending.abort();

    function tell(told: Told): void {
      setState((known) => (known.newest === newest ? { ...known, ...heard(known, told) } : known));
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another attempt is to begin anew
  }, [workspace, filter, newest, attempt]);

  return { ...state, retry: () => setAttempt((count) => count + 1) };
}

type Told =
  | { readonly entries: readonly AuditEntry[]; readonly isFlood: boolean }
  | { readonly failed: 'forbidden' | 'otherwise' };

function heard(known: NewEntries, told: Told): Partial<NewEntries> {
  if ('failed' in told) return told.failed === 'forbidden' ? { isForbidden: true } : { isStale: true };
  const keys = new Set(known.entries.map(({ key }) => key));
  const added = told.entries.filter(({ key }) => !keys.has(key));
  const entries = added.length === 0 ? known.entries : [...added, ...known.entries];
  return { entries, heardAt: pageNow(), isStale: false, isFlood: told.isFlood };
}

interface FollowInput {
  readonly workspace: string;
  readonly filter: AuditFilter;
  readonly since: string;
  readonly signal: AbortSignal;
  readonly tell: (told: Told) => void;
}

/** Whether a list has to be begun anew, as the service no longer knows where it was. */
export function isLost(code: ErrorCode): boolean {
  return code === 'cursor-unknown' || code === 'cursor-of-another-query';
}

/** Asks until it is ended, or the person may not any more. Never rejects. */
async function follow({ workspace, filter, since: first, signal, tell }: FollowInput): Promise<void> {
  let since = first;
  while (!signal.aborted) {
    await rest(signal);
    if (signal.aborted) return;
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
      const page = await auditApi().query(workspace, { filter, since, limit: PAGE, signal: limited });
      since = page.newest;
      if (signal.aborted) return;
      tell({ entries: page.entries, isFlood: page.next !== null });
      // More came than fits: to begin anew is quicker than to catch up.
      if (page.next !== null) return;
    } catch (error) {
      if (signal.aborted) return;
      const code = errorCodeOf(error);
      if (code === 'forbidden') return tell({ failed: 'forbidden' });
      // Of an earlier sign-in, or too old: from there nothing leads on.
      if (isLost(code)) return tell({ entries: [], isFlood: true });
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
