import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type BegunCodes, beginCodes, confirmCodes } from '../../../api/own-sign-in.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Form } from '../../../ui/form.tsx';
import { ProveForm } from './prove-dialog.tsx';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import classes from './security.module.css';
import { useAttempt } from './use-attempt.ts';

interface SetUpCodesProps {
  readonly onCancel?: () => void;
  /** One-time codes are asked for from now on; the session of this browser is another. */
  readonly onConfirmed: () => void;
  /** The recovery codes are kept. */
  readonly onDone: () => void;
}

/** Sets one-time codes up: the password, the app, its first code, the recovery codes. */
export function SetUpCodes({ onCancel, onConfirmed, onDone }: SetUpCodesProps) {
  const t = useTranslations('security');
  const [begun, setBegun] = useState<BegunCodes | null>(null);
  const [isConfirmed, setIsConfirmed] = useState(false);
  if (!begun)
    return (
      <ProveForm
        text={t('codesProve')}
        action={t('next')}
        onCancel={onCancel}
        onProven={async (password) => setBegun(await beginCodes(password))}
      />
    );
  if (isConfirmed) return <RecoveryCodes codes={begun.recoveryCodes} onDone={onDone} />;
  return (
    <Confirm
      begun={begun}
      onCancel={onCancel}
      onConfirmed={() => {
        setIsConfirmed(true);
        onConfirmed();
      }}
    />
  );
}

interface ConfirmProps {
  readonly begun: BegunCodes;
  readonly onCancel: (() => void) | undefined;
  readonly onConfirmed: () => void;
}

function Confirm({ begun, onCancel, onConfirmed }: ConfirmProps) {
  const t = useTranslations('security');
  const [code, setCode] = useState('');
  const attempt = useAttempt();
  const ref = useRef<HTMLInputElement>(null);
  const submit = async (): Promise<void> => {
    const isTaken = await attempt.run(() => confirmCodes(code.replaceAll(/\s/g, '')));
    if (isTaken) onConfirmed();
    else ref.current?.select();
  };
  const secret = new URL(begun.uri).searchParams.get('secret') ?? '';
  const isAboutCode = attempt.problem === 'code-wrong';
  return (
    <Form className={classes.form} onSubmit={submit}>
      <ErrorAlert sentence={isAboutCode ? null : attempt.sentence} />
      <p>{t('scan')}</p>
      <QrCode text={begun.uri} label={t('qr')} />
      <p className={classes.text}>
        {t('typeSecret')} <span className={classes.secret}>{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</span>
      </p>
      <TextInput
        ref={ref}
        name="code"
        label={t('firstCode')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={isAboutCode ? attempt.sentence : null}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        size="sm"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- it is what the step that has just come asks for
        autoFocus
        required
        withAsterisk={false}
      />
      <div className={classes.end}>
        {onCancel ? (
          <Button variant="default" size="sm" onClick={onCancel}>
            {t('cancel')}
          </Button>
        ) : null}
        <Button type="submit" size="sm" loading={attempt.isBusy}>
          {t('confirm')}
        </Button>
      </div>
    </Form>
  );
}
