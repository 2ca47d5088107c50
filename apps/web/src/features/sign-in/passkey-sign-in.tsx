import { Button } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { errorCodeOf, isUnreachable } from '../../api/api.ts';
import { cancelPasskey, knowsPasskeys, offersPasskeys, signInByPasskey } from '../../api/own-sign-in.ts';
import { readySignIn } from '../../api/signing-in.ts';
import type { SignInProblem } from './sign-in-problem.ts';

interface PasskeySignInProps {
  readonly isShared: boolean;
  readonly onSignedIn: (userId: string) => void;
  readonly onProblem: (problem: SignInProblem | null) => void;
}

/** Signs in by a passkey: with the button, or where the browser offers them beside the addresses that it knows. */
export function PasskeySignIn({ isShared, onSignedIn, onProblem }: PasskeySignInProps) {
  const t = useTranslations('signIn');
  const [isBusy, setIsBusy] = useState(false);
  const enter = async (isAutofill: boolean): Promise<void> => {
    try {
      onSignedIn(await signInByPasskey({ isAutofill, headers: () => readySignIn(isShared) }));
    } catch (error) {
      const problem = problemOf(error);
      // Where nobody asked for it, only what was chosen is worth a word.
      if (problem === 'passkey' || !isAutofill) onProblem(problem);
    }
  };
  const offer = useEffectEvent(async (): Promise<void> => {
    if (await offersPasskeys()) await enter(true);
  });
  useEffect(() => {
    void offer();
    return () => void cancelPasskey();
  }, []);
  if (!knowsPasskeys()) return null;
  const press = async (): Promise<void> => {
    onProblem(null);
    setIsBusy(true);
    await enter(false);
    setIsBusy(false);
  };
  return (
    <Button
      variant="default"
      size="sm"
      fullWidth
      loading={isBusy}
      leftSection={<IconKey size={16} />}
      onClick={() => void press()}
    >
      {t('passkey')}
    </Button>
  );
}

/** What to say; null where the person chose none, or the browser was told to stop waiting for it. */
function problemOf(error: unknown): SignInProblem | null {
  const code = errorCodeOf(error);
  if (code === 'passkey-unknown' || code === 'passkey-refused') return 'passkey';
  if (code === 'rate-limited') return 'rateLimited';
  if (isUnreachable(error)) return 'unreachable';
  return isOfBrowser(error) ? null : 'other';
}

const OF_BROWSER: ReadonlySet<string> = new Set(['NotAllowedError', 'AbortError', 'WebAuthnError']);

/** The browser's own: the person closed its question, or it has asked anew. */
function isOfBrowser(error: unknown): boolean {
  return error instanceof Error && OF_BROWSER.has(error.name);
}
