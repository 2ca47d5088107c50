import { Button, TextInput } from '@mantine/core';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { countRecoveryCodes, enterCode } from '../../api/own-sign-in.ts';
import { refusedFor } from '../../api/refused-for.ts';
import { readySignIn } from '../../api/signing-in.ts';
import { CodeAlert } from '../../ui/code-alert.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Form } from '../../ui/form.tsx';
import { showMessage } from '../../ui/messages.tsx';
import classes from './sign-in-form.module.css';
import type { SignInProblem } from './sign-in-problem.ts';

interface CodeFormProps {
  readonly isShared: boolean;
  readonly onSignedIn: (userId: string) => void;
  /** Back to the password, and why where the person did not choose it. */
  readonly onBack: (problem: SignInProblem | null) => void;
}

/** The second step of signing in: the code of the authenticator app, or a recovery code. Long because both share one field and its errors. */
export function CodeForm({ isShared, onSignedIn, onBack }: CodeFormProps) {
  const t = useTranslations('signIn');
  const locale = useLocale();
  const [kind, setKind] = useState<'code' | 'recovery'>('code');
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState<ErrorCode | 'missing' | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const ref = useRef<HTMLInputElement>(null);

  const submit = async (): Promise<void> => {
    const entered = code.replaceAll(/\s/g, '');
    setProblem(entered === '' ? 'missing' : null);
    setSeconds(null);
    if (entered === '') return;
    setIsBusy(true);
    try {
      const person = await enterCode(entered, kind, await readySignIn(isShared));
      if (kind === 'recovery') void tellLeft();
      onSignedIn(person);
    } catch (error) {
      const refused = errorCodeOf(error);
      if (refused === 'sign-in-expired') onBack('expired');
      else {
        setProblem(refused);
        setSeconds(refusedFor(error));
        ref.current?.select();
      }
    } finally {
      setIsBusy(false);
    }
  };
  const tellLeft = async (): Promise<void> => {
    const count = await countRecoveryCodes().catch((error: unknown) => {
      // They are signed in; Konto says it too.
      console.warn('How many recovery codes are left could not be looked up:', error);
      return null;
    });
    if (count === null) return;
    showMessage({
      color: 'yellow',
      title: t('recoveryUsedTitle'),
      message: t('recoveryUsed', { count }),
      autoClose: false,
    });
  };
  const change = (): void => {
    setKind(kind === 'code' ? 'recovery' : 'code');
    setCode('');
    setProblem(null);
    ref.current?.focus();
  };

  const isAboutCode = problem === 'code-wrong' || problem === 'missing';
  return (
    <Form className={classes.form} onSubmit={submit} onChangeOf={() => setProblem(null)} isMain>
      {seconds === null || problem === null ? (
        <CodeAlert code={isAboutCode ? null : problem} />
      ) : (
        <ErrorAlert sentence={t('tooManyTries', { seconds })} />
      )}
      <p>{t(kind === 'code' ? 'codeText' : 'recoveryText')}</p>
      <TextInput
        ref={ref}
        name="code"
        label={t(kind === 'code' ? 'code' : 'recoveryCode')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        error={
          problem === 'missing' ? t('codeMissing') : problem === 'code-wrong' ? describeError(problem, locale) : null
        }
        inputMode={kind === 'code' ? 'numeric' : 'text'}
        autoComplete="one-time-code"
        spellCheck={false}
        maxLength={20}
        size="sm"
        data-autofocus
        required
        withAsterisk={false}
      />
      <Button type="submit" size="sm" loading={isBusy} fullWidth>
        {t('submit')}
      </Button>
      <Button variant="subtle" size="sm" onClick={change}>
        {t(kind === 'code' ? 'useRecovery' : 'useCode')}
      </Button>
      <Button variant="subtle" size="sm" color="gray" onClick={() => onBack(null)}>
        {t('back')}
      </Button>
    </Form>
  );
}
