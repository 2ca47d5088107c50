import { SyncError } from '@meldesync/client';
import type { Me } from '@meldesync/protocol';
import type { QueryClient } from '@tanstack/react-query';
import { isSignedOut, isUnreachable } from './api.ts';
import { forgetAnswers, keptMe } from './kept-answers.ts';
import { finishSignOut, mayOpenUnasked } from './pending-sign-out.ts';
import { meQuery } from './queries.ts';

/** Marks who was signed in last, in the cache, as long as the service has not said that they still are. */
const UNCONFIRMED = 0;

/**
 * Who is signed in; rejects when nobody is. While the service cannot be reached it is who was signed in last (R4.3): what
 * this browser keeps is theirs, and the service looks at their session before it gives or takes anything.
 */
export async function whoIsSignedIn(client: QueryClient): Promise<Me> {
  // Who has signed out stays so, whatever their cookie says.
  if ((await finishSignOut()) === 'unheard') throw new SyncError('unauthenticated');
  try {
    return await client.ensureQueryData(meQuery);
  } catch (error) {
    if (isSignedOut(error)) await forgetAnswers();
    const kept = isUnreachable(error) && mayOpenUnasked() ? keptMe() : null;
    if (!kept) throw error;
    client.setQueryData(meQuery.queryKey, kept, { updatedAt: UNCONFIRMED });
    return kept;
  }
}

/** Asks the service where that was not possible before; whether there is an answer that is not known yet. */
export async function confirmWhoIsSignedIn(client: QueryClient): Promise<boolean> {
  const updatedAt = () => client.getQueryState(meQuery.queryKey)?.dataUpdatedAt;
  if (updatedAt() !== UNCONFIRMED) return false;
  await client.prefetchQuery({ ...meQuery, staleTime: 0 });
  return updatedAt() !== UNCONFIRMED;
}
