import { useTranslations } from 'use-intl';
import { showMessage } from '../../ui/messages.tsx';
import { signOut } from './sign-out.ts';

/** Signs out after asking about edits that wait. */
export function useSignOut(): () => void {
  const t = useTranslations('account');
  const tOffline = useTranslations('offline');
  return () => {
    signOut((count, fate) => confirm(tOffline(fate === 'lost' ? 'signOutUnsent' : 'signOutKept', { count }))).catch(
      () => {
        // The only thing someone can do about it is to try again.
        showMessage({ color: 'red', message: t('signOutFailed') });
      },
    );
  };
}
