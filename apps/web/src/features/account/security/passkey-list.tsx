import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { knowsPasskeys, type OwnPasskey, removePasskey, renamePasskey } from '../../../api/own-sign-in.ts';
import { formatMinute } from '../../../i18n/format.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { useFocusHeir } from '../../../ui/use-focus-heir.ts';
import { withReauthentication } from '../reauthentication.ts';
import { deviceLabel } from './device-label.ts';
import { makePasskey } from './make-passkey.ts';
import { PasskeyNameDialog } from './passkey-name-dialog.tsx';
import classes from './security.module.css';
import { useAttempt } from './use-attempt.ts';

/** Where keys go on from a passkey that is gone. */
const ADD_ID = 'add-passkey';

interface PasskeyListProps {
  readonly passkeys: readonly OwnPasskey[];
  /** They are others than before. */
  readonly onChanged: () => Promise<void>;
}

/** One's own passkeys: another one, a name, away with it. */
export function PasskeyList({ passkeys, onChanged }: PasskeyListProps) {
  const t = useTranslations('security');
  const [named, setNamed] = useState<OwnPasskey | 'new' | null>(null);
  return (
    <>
      <div className={classes.row}>
        <div className={classes.what}>
          <span className={classes.label}>{t('passkeys')}</span>
          <span className={classes.text}>{t(knowsPasskeys() ? 'passkeysText' : 'passkeysUnknown')}</span>
        </div>
        {knowsPasskeys() ? (
          <Button id={ADD_ID} variant="default" leftSection={<IconPlus size={15} />} onClick={() => setNamed('new')}>
            {t('addPasskey')}
          </Button>
        ) : null}
      </div>
      <ul className={classes.passkeys}>
        {passkeys.map((passkey) => (
          <Passkey key={passkey.id} passkey={passkey} onRename={() => setNamed(passkey)} onChanged={onChanged} />
        ))}
      </ul>
      {named === 'new' ? (
        <PasskeyNameDialog
          title={t('addPasskey')}
          text={t('addPasskeyText')}
          action={t('next')}
          name={deviceLabel(navigator.userAgent)}
          onClose={() => setNamed(null)}
          onNamed={async (name) => {
            await makePasskey(name);
            await onChanged();
            showMessage({ message: t('passkeyAdded') });
          }}
        />
      ) : named ? (
        <PasskeyNameDialog
          title={t('renamePasskey')}
          text={t('renamePasskeyText')}
          action={t('rename')}
          name={named.name}
          onClose={() => setNamed(null)}
          onNamed={async (name) => {
            await renamePasskey(named.id, name);
            await onChanged();
          }}
        />
      ) : null}
    </>
  );
}

interface PasskeyProps {
  readonly passkey: OwnPasskey;
  readonly onRename: () => void;
  readonly onChanged: () => Promise<void>;
}

function Passkey({ passkey: { id, name, createdAt }, onRename, onChanged }: PasskeyProps) {
  const t = useTranslations('security');
  const locale = useLocale();
  const [isAsking, setIsAsking] = useState(false);
  const shown = name === '' ? t('passkeyUnnamed') : name;
  const heir = useFocusHeir(() => document.getElementById(ADD_ID), isAsking);
  return (
    <li className={classes.passkey} {...heir}>
      <IconKey size={18} stroke={1.6} aria-hidden="true" />
      <span className={classes.name}>
        {shown}
        {createdAt ? (
          <span className={classes.text}>{t('since', { date: formatMinute(createdAt, locale) })}</span>
        ) : null}
      </span>
      <Button variant="default" aria-label={t('renameLabel', { name: shown })} onClick={onRename}>
        {t('rename')}
      </Button>
      <Button variant="default" aria-label={t('removeLabel', { name: shown })} onClick={() => setIsAsking(true)}>
        {t('remove')}
      </Button>
      {isAsking ? (
        <RemoveDialog
          name={shown}
          onRemove={async () => {
            await removePasskey(id);
            showMessage({ message: t('passkeyRemoved') });
          }}
          onRemoved={onChanged}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </li>
  );
}

interface RemoveDialogProps {
  readonly name: string;
  readonly onRemove: () => Promise<void>;
  /** The list is another then, and this goes with what it was about. */
  readonly onRemoved: () => Promise<void>;
  readonly onClose: () => void;
}

function RemoveDialog({ name, onRemove, onRemoved, onClose }: RemoveDialogProps) {
  const t = useTranslations('security');
  const attempt = useAttempt();
  const remove = async (): Promise<void> => {
    if (await attempt.run(() => withReauthentication(onRemove))) await onRemoved();
  };
  return (
    <Dialog title={t('removePasskey', { name })} width={420} onClose={onClose} isSticky>
      <div className={classes.form}>
        <ErrorAlert sentence={attempt.sentence} />
        <p>{t('removePasskeyText')}</p>
        <div className={classes.end}>
          <Button variant="default" size="sm" data-autofocus onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button size="sm" variant="default" c="var(--bad)" loading={attempt.isBusy} onClick={() => void remove()}>
            {t('remove')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
