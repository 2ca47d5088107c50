import { roleAllows, type StoredConflict } from '@meldesync/protocol';
import { useEffect, useEffectEvent } from 'react';
import { api, isUnreachable } from '../../api/api.ts';
import { reportOf } from '../../editing/edit-report.ts';
import { useSettleConflicts } from '../../editing/outcome/use-settle-conflicts.ts';
import { reviveConflict } from '../../sync/revive-conflict.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useIsCurrent, useRole } from '../../sync/use-connection.ts';

/** More than anybody left open; the rest is offered once these are decided. */
const MOST_OFFERED = 100;

/** How long after a look-up that failed comes the next. */
const AGAIN_MS = 5_000;

/**
 * Asks again about the conflicts that a page of the past left undecided: after a reload, another workspace, or a browser
 * that was closed. Looks each time the page has become current, and soon again after a look-up that failed.
 *
 * Only those of this app are offered: those of a terminal or a program are decided there. Each is asked about in one page
 * of the browser (see `createConflictClaims`), over the record as it stands now. A conflict about a record that is gone
 * stays as it is: there is nothing to decide about.
 */
export function useOfferStored(): void {
  const { client, conflicts, claims, user, workspace } = useSync();
  const settle = useSettleConflicts();
  const isCurrent = useIsCurrent();
  const mayEdit = roleAllows(useRole(), 'editor');
  const isWanted = isCurrent && mayEdit;

  const offerOne = async ({ conflict }: StoredConflict, signal: AbortSignal): Promise<void> => {
    if (!(await claims.claim(conflict))) return;
    // The page that had it may have decided.
    const stored = await api().conflict(workspace.id, conflict, { signal });
    const record = client.store.get(stored.record);
    if (stored.resolved !== null || !record) return;
    const report = reportOf([reviveConflict(stored, record)]);
    settle(report.same, 'kept-theirs');
    conflicts.offer(report.conflicts);
  };
  const offer = useEffectEvent(async (signal: AbortSignal): Promise<void> => {
    const page = await api().conflicts(workspace.id, { state: 'open', limit: MOST_OFFERED, signal });
    // An admin is given everyone's; the oldest is asked about first.
    const own = page.conflicts.filter(({ by, via }) => by === `user:${user.id}` && via === 'web').toReversed();
    await Promise.all(own.map((stored) => offerOne(stored, signal)));
  });

  useEffect(() => {
    if (!isWanted) return undefined;
    const ending = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      offer(ending.signal).catch((error: unknown) => {
        if (ending.signal.aborted) return;
        console.warn('Open conflicts could not be looked for:', error);
        // A refusal stays what it is until the connection or the role changes, which looks again as well.
        if (!isUnreachable(error)) return;
        // The claims are this page's meanwhile: no other page would ask.
        timer = setTimeout(look, AGAIN_MS);
      });
    };
    look();
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [isWanted]);
}
