import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { auth } from '../../api/auth.ts';
import { answerRefusedFor } from '../../api/refused-for.ts';
import { readySignIn, signedInHere } from '../../api/signing-in.ts';
import { isSharedHere } from '../../device/shared-choice.ts';
import { CurrentPassword } from '../../ui/current-password.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Form } from '../../ui/form.tsx';
import { CodeForm } from './code-form.tsx';
import { PasskeySignIn } from './passkey-sign-in.tsx';
import { SharedChoice } from './shared-choice.tsx';
import classes from './sign-in-form.module.css';
import { type SignInProblem, signInProblem } from './sign-in-problem.ts';

interface SignInFormProps {
  /** The address that is meant, where it is known. */
  readonly email?: string;
  /** Called with the person's id once the browser holds a session. */
  readonly onSignedIn: (userId: string) => void;
}

/** E-mail address and password. The address stays after a failure, the focus goes where help is needed. Long for its markup. */
export function SignInForm({ email: known = '', onSignedIn }: SignInFormProps) {
  const t = useTranslations('signIn');
  const [missing, setMissing] = useState<'email' | 'password' | null>(null);
  const [problem, setProblem] = useState<SignInProblem | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [isCodeNeeded, setIsCodeNeeded] = useState(false);
  const [isShared, setIsShared] = useState(isSharedHere);
  const emailRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);

  const enter = (person: string): void => {
    signedInHere(person, isShared);
    onSignedIn(person);
  };

  const submit = async (): Promise<void> => {
    const email = emailRef.current?.value.trim() ?? '';
    const password = passwordRef.current?.value ?? '';
    const lacking = email === '' ? 'email' : password === '' ? 'password' : null;
    setMissing(lacking);
    setProblem(null);
    if (lacking) return;
    setIsBusy(true);
    const { data, error, waitSeconds } = await signIn(email, password, isShared);
    setSeconds(waitSeconds);
    setIsBusy(false);
    if (data && 'twoFactorRedirect' in data) {
      setIsCodeNeeded(true);
      return;
    }
    if (data) {
      enter(data.user.id);
      return;
    }
    setProblem(signInProblem(error));
    passwordRef.current?.select();
  };

  if (isCodeNeeded)
    return (
      <CodeForm
        isShared={isShared}
        onSignedIn={enter}
        onBack={(why) => {
          setIsCodeNeeded(false);
          setProblem(why);
        }}
      />
    );
  return (
    <Form className={classes.form} onSubmit={submit} onChangeOf={() => setMissing(null)} isMain>
      <ErrorAlert
        sentence={
          problem === 'rateLimited' && seconds !== null
            ? t('tooManyTries', { seconds })
            : problem && t(`errors.${problem}`)
        }
      />
      <TextInput
        ref={emailRef}
        type="email"
        name="email"
        autoComplete="username webauthn"
        label={t('email')}
        defaultValue={known}
        error={missing === 'email' ? t('emailMissing') : null}
        size="sm"
        data-autofocus
        required
        withAsterisk={false}
      />
      <CurrentPassword ref={passwordRef} error={missing === 'password' ? t('passwordMissing') : null} />
      <SharedChoice isShared={isShared} onChange={setIsShared} />
      <Button type="submit" size="sm" loading={isBusy} fullWidth>
        {t('submit')}
      </Button>
      <PasskeySignIn isShared={isShared} onSignedIn={enter} onProblem={setProblem} />
    </Form>
  );
}

/** Signs in; a service that cannot be reached is an error without a status. */
async function signIn(email: string, password: string, isShared: boolean) {
  let waitSeconds: number | null = null;
  try {
    const headers = await readySignIn(isShared);
    const onResponse = ({ response }: { response: Response }): void => {
      waitSeconds = answerRefusedFor(response);
    };
    const answer = await auth.signIn.email({ email, password }, { headers, onResponse });
    return { ...answer, waitSeconds };
  } catch (cause) {
    return { data: null, error: { status: 0, cause }, waitSeconds };
  }
}
