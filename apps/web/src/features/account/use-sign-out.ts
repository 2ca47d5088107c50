import { useTranslations } from 'use-intl';
import { showMessage } from '../../ui/messages.tsx';
import { signOut } from './sign-out.ts';

/** Signs out after asking about edits that would be lost; says so when the session could not be ended. */
export function useSignOut(): () => void {
  const t = useTranslations('account');
  const tOffline = useTranslations('offline');
  return () => {
    signOut((count) => confirm(tOffline('signOutUnsent', { count }))).catch(() => {
      // The only thing someone can do about it is to try again.
      showMessage({ color: 'red', message: t('signOutFailed') });
    });
  };
}
