import { type ErrorCode, errorCode, isWebAddress } from '@meldesync/protocol';
import { errorCodeOf } from '../../api/api.ts';
import { auth } from '../../api/auth.ts';
import { leavePage } from '../../api/leave-page.ts';
import { readySignIn } from '../../api/signing-in.ts';
import { isSharedHere } from '../../device/shared-choice.ts';

/** Leaves the page for the provider of single sign-on; resolves only with why that was not possible. */
export async function beginSingleSignOn(target: string): Promise<ErrorCode> {
  try {
    const headers = await readySignIn(isSharedHere());
    const { data, error } = await auth.signIn.social(
      { provider: 'oidc', callbackURL: target, disableRedirect: true },
      { headers },
    );
    if (data?.url !== undefined && isWebAddress(data.url)) return await leavePage(data.url);
    const known = errorCode.safeParse(error?.code);
    return known.success ? known.data : 'sso-unavailable';
  } catch (error) {
    // Nothing answered, or something else than the service.
    const code = errorCodeOf(error);
    return code === 'internal' ? 'unavailable' : code;
  }
}
