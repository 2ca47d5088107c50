import { Button } from '@mantine/core';
import type { PasswordOwner } from '@meldesync/domain';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '../../../api/api.ts';
import { CurrentPassword } from '../../../ui/current-password.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Form } from '../../../ui/form.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { PasswordField } from '../password-field.tsx';
import classes from './security.module.css';
import { useAttempt } from './use-attempt.ts';

/** Another password of one's own. */
export function PasswordDialog({ owner, onClose }: { owner: PasswordOwner; onClose: () => void }) {
  const t = useTranslations('security');
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const attempt = useAttempt();
  const [currentRef, wantedRef] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];

  const submit = async (): Promise<void> => {
    if (current === '' || wanted === '') {
      (current === '' ? currentRef : wantedRef).current?.focus();
      return;
    }
    if (!(await attempt.run(() => api().changePassword(current, wanted)))) return;
    showMessage({ message: t('passwordChanged') });
    onClose();
  };
  const isAboutCurrent = attempt.problem === 'password-wrong';
  const isAboutWanted = attempt.problem?.startsWith('password-') === true && !isAboutCurrent;
  return (
    <Dialog title={t('changePassword')} width={420} onClose={onClose} isSticky>
      <Form className={classes.form} onSubmit={submit}>
        <ErrorAlert sentence={isAboutCurrent || isAboutWanted ? null : attempt.sentence} />
        <input type="text" name="username" autoComplete="username" value={owner.email} readOnly hidden />
        <CurrentPassword
          ref={currentRef}
          label={t('currentPassword')}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={isAboutCurrent ? attempt.sentence : null}
          data-autofocus
        />
        <PasswordField
          ref={wantedRef}
          owner={owner}
          value={wanted}
          onChange={setWanted}
          problem={isAboutWanted ? attempt.problem : null}
        />
        <p className={classes.text}>{t('passwordEnds')}</p>
        <div className={classes.end}>
          <Button variant="default" size="sm" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" size="sm" loading={attempt.isBusy}>
            {t('changePassword')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
