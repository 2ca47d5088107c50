import { auth } from '../../api/auth.ts';
import { readySignIn, signedInHere } from '../../api/signing-in.ts';
import { isSharedHere } from '../../device/shared-choice.ts';
import { useGoOn } from './use-go-on.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Signs in with what has just been chosen and opens a page; false when that takes more than a password, or fails. */
export function useEnter(): (credentials: Credentials, href: string) => Promise<boolean> {
  const goOn = useGoOn();
  return async ({ email, password }, href) => {
    const user = await signedIn({ email, password });
    if (user === null) return false;
    signedInHere(user, isSharedHere());
    await goOn(user, href);
    return true;
  };
}

/** The user id of who is signed in then; null for nobody. */
async function signedIn(credentials: Credentials): Promise<string | null> {
  try {
    const { data, error } = await auth.signIn.email(credentials, { headers: await readySignIn(isSharedHere()) });
    if (error) throw new Error('The service did not sign in', { cause: error });
    // With a second factor there is no user yet.
    const user: { readonly id: string } | undefined = data?.user;
    return user?.id ?? null;
  } catch (error) {
    console.warn('Signing in with the new password failed:', error);
    return null;
  }
}
