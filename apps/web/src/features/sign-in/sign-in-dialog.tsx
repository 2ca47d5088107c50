import { useTranslations } from 'use-intl';
import { leavePage } from '../../api/leave-page.ts';
import { queryClient } from '../../api/query-client.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import classes from './sign-in-dialog.module.css';
import { WaysIn } from './ways-in.tsx';

/** Signs in again without leaving the page: what is open stays open, unsent edits are sent. */
export function SignInDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('signIn');
  const { client, user } = useSync();
  const goOn = (userId: string): void => {
    // The edits of one person must never go out under another's name.
    if (userId !== user.id) {
      void leavePage('/');
      return;
    }
    void queryClient.invalidateQueries();
    client.reconnectNow();
    onClose();
  };
  return (
    <Dialog title={t('again')} width={400} onClose={onClose}>
      <p className={classes.text}>{t('againText')}</p>
      <WaysIn target={location.pathname + location.search} onSignedIn={goOn} />
    </Dialog>
  );
}
