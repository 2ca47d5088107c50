import { auth } from '../../api/auth.ts';

/**
 * Ends this browser's session and opens the sign-in page anew, so that nothing of the person stays in memory.
 * Rejects when the service did not end the session.
 */
export async function signOut(): Promise<void> {
  const { error } = await auth.signOut();
  // Someone whose session is over already is where they want to be.
  if (error && error.status !== 401) throw new Error('The session was not ended', { cause: error });
  sessionStorage.clear();
  location.assign('/sign-in');
}
