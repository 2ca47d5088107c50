import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { endCodes, renewRecoveryCodes } from '../../../api/own-sign-in.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { ProveDialog, ProveForm } from './prove-dialog.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import classes from './security.module.css';
import { SetUpCodes } from './set-up-codes.tsx';

interface CodesRowProps {
  readonly hasCodes: boolean;
  /** How many recovery codes are still good; null where that is not known. */
  readonly recoveryCodesLeft: number | null;
  /** They are there, or no longer; the session of this browser is another. */
  readonly onChanged: () => Promise<void>;
  /** The recovery codes are others. */
  readonly onRenewed: () => Promise<void>;
}

/** So many or fewer stand out: it is time for new ones. */
const FEW_CODES = 2;

/** One-time codes of an authenticator app: on, off, and other recovery codes. */
export function CodesRow({ hasCodes, recoveryCodesLeft, onChanged, onRenewed }: CodesRowProps) {
  const t = useTranslations('security');
  const [open, setOpen] = useState<'set-up' | 'renew' | 'end' | null>(null);
  const close = (): void => setOpen(null);
  return (
    <div className={classes.row}>
      <div className={classes.what}>
        <span className={classes.label}>{t('codes')}</span>
        {hasCodes ? <span className={classes.state}>{t('on')}</span> : null}
        <span className={classes.text}>{t('codesText')}</span>
        {recoveryCodesLeft === null ? null : (
          <span className={classes.text} data-few={recoveryCodesLeft <= FEW_CODES || undefined}>
            {t('recoveryLeft', { count: recoveryCodesLeft })}
          </span>
        )}
      </div>
      <div className={classes.buttons}>
        {hasCodes ? (
          <>
            <Button variant="default" onClick={() => setOpen('renew')}>
              {t('renewRecovery')}
            </Button>
            <Button variant="default" onClick={() => setOpen('end')}>
              {t('endCodes')}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={() => setOpen('set-up')}>
            {t('setUp')}
          </Button>
        )}
      </div>
      {open === 'set-up' ? (
        <Dialog title={t('codes')} width={440} onClose={close} isSticky>
          <SetUpCodes onCancel={close} onConfirmed={() => void onChanged()} onDone={close} />
        </Dialog>
      ) : null}
      {open === 'renew' ? <RenewDialog onRenewed={onRenewed} onClose={close} /> : null}
      {open === 'end' ? (
        <ProveDialog
          title={t('endCodesTitle')}
          text={t('endCodesText')}
          action={t('endCodes')}
          isDangerous
          onClose={close}
          onProven={async (password) => {
            await endCodes(password);
            await onChanged();
            showMessage({ message: t('codesEnded') });
            close();
          }}
        />
      ) : null}
    </div>
  );
}

interface RenewDialogProps {
  readonly onRenewed: () => Promise<void>;
  readonly onClose: () => void;
}

function RenewDialog({ onRenewed, onClose }: RenewDialogProps) {
  const t = useTranslations('security');
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Dialog title={t('renewRecovery')} width={440} onClose={onClose} isSticky>
      {codes ? (
        <RecoveryCodes codes={codes} onDone={onClose} />
      ) : (
        <ProveForm
          text={t('renewText')}
          action={t('renewRecovery')}
          onCancel={onClose}
          onProven={async (password) => {
            setCodes(await renewRecoveryCodes(password));
            await onRenewed();
          }}
        />
      )}
    </Dialog>
  );
}
