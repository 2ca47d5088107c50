import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { signedInHere } from '../../api/signing-in.ts';
import { isSharedHere } from '../../device/shared-choice.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { PasskeySignIn } from './passkey-sign-in.tsx';
import { SharedChoice } from './shared-choice.tsx';
import classes from './sign-in-form.module.css';
import type { SignInProblem } from './sign-in-problem.ts';

interface WithoutPasswordProps {
  /** Called with the person's id once the browser holds a session. */
  readonly onSignedIn: (userId: string) => void;
}

/** What there is beside single sign-on where nobody signs in with a password. */
export function WithoutPassword({ onSignedIn }: WithoutPasswordProps) {
  const t = useTranslations('signIn');
  const [isShared, setIsShared] = useState(isSharedHere);
  const [problem, setProblem] = useState<SignInProblem | null>(null);
  return (
    <div className={classes.form}>
      <ErrorAlert sentence={problem && t(`errors.${problem}`)} />
      <PasskeySignIn
        isShared={isShared}
        onSignedIn={(user) => {
          signedInHere(user, isShared);
          onSignedIn(user);
        }}
        onProblem={setProblem}
      />
      <SharedChoice isShared={isShared} onChange={setIsShared} />
    </div>
  );
}
