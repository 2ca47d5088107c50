import type { AdministeredAccount, OneTimeLink } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { LinkDialog } from '../link-dialog.tsx';
import { useAct } from '../use-act.ts';
import { EditAccountDialog } from './edit-account-dialog.tsx';
import { MergeAccountDialog } from './merge-account-dialog.tsx';

/** What is asked about an account before it is done; each has texts in `administration.accounts`. */
export type AccountQuestion = 'edit' | 'passwordLink' | 'merge' | Confirmed;

type Confirmed = 'endSessions' | 'removeFactors' | 'unlink' | 'disable' | 'makeAdmin' | 'takeAdmin' | 'remove';

interface AccountDialogProps<Question> {
  readonly question: Question;
  readonly account: AdministeredAccount;
  readonly onClose: () => void;
}

/** Asks what is to be known, or whether it is meant, and does it. */
export function AccountDialog({ question, account, onClose }: AccountDialogProps<AccountQuestion>) {
  if (question === 'edit') return <EditAccountDialog account={account} onClose={onClose} />;
  if (question === 'merge') return <MergeAccountDialog account={account} onClose={onClose} />;
  if (question === 'passwordLink') return <PasswordLinkDialog account={account} onClose={onClose} />;
  return <ConfirmedDialog question={question} account={account} onClose={onClose} />;
}

function ConfirmedDialog({ question, account, onClose }: AccountDialogProps<Confirmed>) {
  const t = useTranslations('administration.accounts');
  const act = useAct();
  const { id, name, sessions: count } = account;
  const api = administrationApi();
  /** Does it, and what is said then. */
  const DEEDS: Record<Confirmed, () => Promise<string>> = {
    endSessions: async () => t('endedSessions', { count: (await api.endSessions(id)).ended }),
    removeFactors: async () => {
      await api.removeSecondFactors(id);
      return t('removedFactors', { name });
    },
    unlink: async () => {
      await api.unlinkAccount(id);
      return t('unlinked', { name });
    },
    disable: async () => {
      await api.changeAccount(id, { isDisabled: true });
      return t('disabled', { name });
    },
    makeAdmin: async () => {
      await api.changeAccount(id, { isInstallationAdmin: true });
      return t('madeAdmin', { name });
    },
    takeAdmin: async () => {
      await api.changeAccount(id, { isInstallationAdmin: false });
      return t('tookAdmin', { name });
    },
    remove: async () => {
      await api.deleteAccount(id);
      return t('removed', { name });
    },
  };
  const confirm = async (): Promise<void> => {
    const done = await act.run(DEEDS[question]);
    if (!done) return;
    showMessage({ message: done.answer });
    onClose();
  };
  return (
    <ConfirmDialog
      title={t(`${question}Title`, { name })}
      text={t(`${question}Text`, { name, count })}
      confirm={t(question)}
      isHarsh={question !== 'makeAdmin'}
      act={act}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}

function PasswordLinkDialog({ account, onClose }: { account: AdministeredAccount; onClose: () => void }) {
  const t = useTranslations('administration.accounts');
  const act = useAct();
  const [made, setMade] = useState<OneTimeLink | null>(null);
  const make = () => administrationApi().makePasswordLink(account.id);
  const { name } = account;
  if (made) return <LinkDialog title={t('passwordLinkTitle', { name })} link={made} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={t('passwordLinkTitle', { name })}
      text={t('passwordLinkText')}
      confirm={t('makeLink')}
      act={act}
      onConfirm={async () => {
        const done = await act.run(make);
        if (done) setMade(done.answer);
      }}
      onClose={onClose}
    />
  );
}
