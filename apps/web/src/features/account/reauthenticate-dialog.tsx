import { Button } from '@mantine/core';
import { useRef, useState, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { api, errorCodeOf } from '../../api/api.ts';
import { refusedFor } from '../../api/refused-for.ts';
import { CurrentPassword } from '../../ui/current-password.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Form } from '../../ui/form.tsx';
import classes from './reauthenticate-dialog.module.css';
import { askedReauthentication, onReauthentication } from './reauthentication.ts';

/** Where the person is asked once more who they are, whenever `withReauthentication` needs it. Stands once on the page. */
export function ReauthenticateDialog() {
  const asked = useSyncExternalStore(onReauthentication, askedReauthentication);
  return asked ? <Question answer={asked.answer} /> : null;
}

type Problem = 'missing' | 'password-wrong' | 'no-password' | 'rate-limited' | 'other';

/** What the person can do something about. */
function problemOf(error: unknown): Problem {
  const code = errorCodeOf(error);
  return code === 'password-wrong' || code === 'no-password' || code === 'rate-limited' ? code : 'other';
}

function Question({ answer }: { readonly answer: (isProven: boolean) => void }) {
  const t = useTranslations('sessions');
  const tSignIn = useTranslations('signIn');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const ref = useRef<HTMLInputElement>(null);
  const submit = async (): Promise<void> => {
    const password = ref.current?.value ?? '';
    if (password === '') {
      setProblem('missing');
      ref.current?.focus();
      return;
    }
    setIsBusy(true);
    const found = await api()
      .reauthenticate(password)
      .then(
        () => null,
        (error: unknown) => {
          setSeconds(refusedFor(error));
          return problemOf(error);
        },
      );
    setIsBusy(false);
    setProblem(found);
    if (found) ref.current?.select();
    else answer(true);
  };
  const isSlowed = problem === 'rate-limited' && seconds !== null;
  const sentence = isSlowed ? tSignIn('tooManyTries', { seconds }) : problem ? t(`proveProblems.${problem}`) : null;
  return (
    <Dialog title={t('proveTitle')} width={400} onClose={() => answer(false)} isSticky>
      <Form className={classes.form} onSubmit={submit}>
        <p className={classes.text}>{t('proveText')}</p>
        <CurrentPassword ref={ref} error={sentence} data-autofocus />
        <div className={classes.buttons}>
          <Button variant="default" size="sm" onClick={() => answer(false)}>
            {t('proveCancel')}
          </Button>
          <Button type="submit" size="sm" loading={isBusy}>
            {t('prove')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
