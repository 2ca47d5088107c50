import {
  type AuditDirection,
  type AuditListPage,
  type Author,
  beginAuditList,
  continueAuditList,
  type Database,
  ForeignHorizonError,
  pollAuditList,
} from '@meldesync/db';
import type { AuditPage, AuditQuery } from '@meldesync/protocol';
import { CodedError } from '../coded-error.ts';
import type { AuditCursors, ListOwner, ListState } from './cursors.ts';

/** Who asks for a page of which trail. */
export interface QueryInput {
  readonly author: Author & { readonly userId: string; readonly sessionId: string };
  /** Null for all workspaces. */
  readonly workspaceId: string | null;
  readonly query: AuditQuery;
}

/** A page of the trail. Only its first page is an event: the others show where they come from by their cursor. */
export async function answerAuditQuery(
  { database, cursors }: { readonly database: Database; readonly cursors: AuditCursors },
  { author, workspaceId, query }: QueryInput,
): Promise<AuditPage> {
  const { filter, before, after, since, unsealed = [], limit, end } = query;
  if ([before, after, since].filter((cursor) => cursor !== undefined).length > 1)
    throw new CodedError('invalid-field', 'more than one cursor at once');
  const view = { workspaceId, filter };
  const owner: ListOwner = { userId: author.userId, sessionId: author.sessionId, view };
  const pageOf = (
    { entries, next, previous, searchedTo }: AuditListPage,
    state: ListState,
    seals: AuditPage['seals'] = [],
  ): AuditPage => ({
    entries: [...entries],
    next: next && cursors.write(owner, { ...state, way: 'older', from: next }),
    previous: previous && cursors.write(owner, { ...state, way: 'newer', from: previous }),
    newest: cursors.write(owner, { ...state, way: 'since' }),
    searchedTo,
    seals,
  });
  const goOn = async (cursor: string, direction: AuditDirection): Promise<AuditPage> => {
    const place = cursors.read(owner, cursor, direction);
    if (place.way === 'since') throw new CodedError('cursor-unknown', 'no cursor for this');
    return pageOf(await continueAuditList(database, { view, direction, from: place.from, limit }), place);
  };
  if (before !== undefined) return goOn(before, 'older');
  if (after !== undefined) return goOn(after, 'newer');
  if (since !== undefined) {
    const place = cursors.read(owner, since, 'since');
    const { horizon, seals, ...page } = await pollAuditList(database, { view, ...place, limit, unsealed }).catch(
      (error: unknown) => {
        throw error instanceof ForeignHorizonError ? new CodedError('cursor-unknown', error.message) : error;
      },
    );
    return pageOf(page, { ...place, horizon }, seals);
  }
  const { read, horizon, ...page } = await beginAuditList(database, { author, view, limit, end });
  return pageOf(page, { read, horizon, begunAt: cursors.nowSeconds });
}
