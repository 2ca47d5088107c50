import { Button } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { knowsPasskeys, type OwnPasskey, removePasskey, renamePasskey } from '../../../api/own-sign-in.ts';
import { formatMinute } from '../../../i18n/format.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { withReauthentication } from '../reauthentication.ts';
import { deviceLabel } from './device-label.ts';
import { makePasskey } from './make-passkey.ts';
import { PasskeyNameDialog } from './passkey-name-dialog.tsx';
import classes from './security.module.css';
import { useAttempt } from './use-attempt.ts';

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
          <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setNamed('new')}>
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
  const attempt = useAttempt();
  const shown = name === '' ? t('passkeyUnnamed') : name;
  const remove = async (): Promise<void> => {
    await attempt.run(() => withReauthentication(() => removePasskey(id)));
    await onChanged();
  };
  return (
    <li className={classes.passkey}>
      <IconKey size={18} stroke={1.6} aria-hidden="true" />
      <span className={classes.name}>
        {shown}
        {createdAt ? (
          <span className={classes.text}>{t('since', { date: formatMinute(createdAt, locale) })}</span>
        ) : null}
        {attempt.sentence === null ? null : (
          <span className={classes.text} role="alert">
            {attempt.sentence}
          </span>
        )}
      </span>
      <Button variant="default" aria-label={t('renameLabel', { name: shown })} onClick={onRename}>
        {t('rename')}
      </Button>
      <Button
        variant="default"
        aria-label={t('removeLabel', { name: shown })}
        loading={attempt.isBusy}
        onClick={() => void remove()}
      >
        {t('remove')}
      </Button>
    </li>
  );
}
