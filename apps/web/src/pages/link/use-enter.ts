import { useNavigate } from '@tanstack/react-router';
import { auth } from '../../api/auth.ts';
import { leavePage } from '../../api/leave-page.ts';
import { isPageOf } from '../../api/page-person.ts';
import { queryClient } from '../../api/query-client.ts';
import { readySignIn, signedInHere } from '../../api/signing-in.ts';
import { isSharedHere } from '../../device/shared-choice.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Signs in with what has just been chosen and opens a page; false when that takes more than a password, or fails. */
export function useEnter(): (credentials: Credentials, href: string) => Promise<boolean> {
  const navigate = useNavigate();
  return async ({ email, password }, href) => {
    const user = await signedIn({ email, password });
    if (user === null) return false;
    signedInHere(user, isSharedHere());
    if (!isPageOf(user)) return leavePage(href);
    queryClient.clear();
    await navigate({ href, replace: true });
    return true;
  };
}

/** The user id of who is signed in then; null for nobody. */
async function signedIn(credentials: Credentials): Promise<string | null> {
  try {
    const { data } = await auth.signIn.email(credentials, { headers: await readySignIn(isSharedHere()) });
    // With a second factor there is no user yet.
    const user: { readonly id: string } | undefined = data?.user;
    return user?.id ?? null;
  } catch (error) {
    console.warn('Signing in with the new password failed:', error);
    return null;
  }
}
