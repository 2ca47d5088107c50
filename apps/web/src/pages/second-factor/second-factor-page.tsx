import { Button } from '@mantine/core';
import { IconDeviceMobile, IconKey } from '@tabler/icons-react';
import { useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { leavePage } from '../../api/leave-page.ts';
import { knowsPasskeys } from '../../api/own-sign-in.ts';
import { ReauthenticateDialog } from '../../features/account/reauthenticate-dialog.tsx';
import { deviceLabel } from '../../features/account/security/device-label.ts';
import { makePasskey } from '../../features/account/security/make-passkey.ts';
import { SetUpCodes } from '../../features/account/security/set-up-codes.tsx';
import { useAttempt } from '../../features/account/security/use-attempt.ts';
import { useSignOut } from '../../features/account/use-sign-out.ts';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { CardPage } from '../card/card-page.tsx';
import { CardTitle } from '../card/card-title.tsx';
import classes from './second-factor-page.module.css';

/** For who signed in with a password alone where a second factor is required: sets one up before anything else. */
export function SecondFactorPage() {
  const t = useTranslations('security');
  const { me } = useRouteContext({ from: '/signed-in' });
  const [isWithApp, setIsWithApp] = useState(false);
  const attempt = useAttempt();
  const signOut = useSignOut();
  // All that this page has asked for is of before.
  const goOn = (): void => void leavePage('/');
  const addHere = async (): Promise<void> => {
    if (await attempt.run(() => makePasskey(deviceLabel(navigator.userAgent)))) goOn();
  };
  return (
    <>
      <CardPage>
        <CardTitle title={t('neededTitle')} texts={[t('neededText', { name: me.user.name })]} />
        <ErrorAlert sentence={attempt.sentence} />
        {isWithApp ? (
          <SetUpCodes onCancel={() => setIsWithApp(false)} onConfirmed={() => undefined} onDone={goOn} />
        ) : (
          <div className={classes.ways}>
            {knowsPasskeys() ? (
              <>
                <Button
                  size="sm"
                  leftSection={<IconKey size={16} />}
                  loading={attempt.isBusy}
                  onClick={() => void addHere()}
                >
                  {t('addPasskey')}
                </Button>
                <p className={classes.text}>{t('neededPasskey')}</p>
              </>
            ) : null}
            <Button
              size="sm"
              variant="default"
              leftSection={<IconDeviceMobile size={16} />}
              onClick={() => setIsWithApp(true)}
            >
              {t('neededApp')}
            </Button>
            <p className={classes.text}>{t('codesText')}</p>
          </div>
        )}
        <Button variant="subtle" color="gray" size="sm" onClick={signOut}>
          {t('signOut')}
        </Button>
      </CardPage>
      <ReauthenticateDialog />
    </>
  );
}
