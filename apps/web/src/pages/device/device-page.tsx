import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { CardPage } from '../card/card-page.tsx';
import { CardTitle } from '../card/card-title.tsx';
import { CodeForm } from './code-form.tsx';
import { Decision } from './decision.tsx';
import { forgetDeviceCode, keptDeviceCode } from './device-code.ts';
import classes from './device-page.module.css';

const route = getRouteApi('/device');

/** Where a signed-in person lets a terminal in: they enter its code, or see the one that came with the address, and decide. */
export function DevicePage() {
  const t = useTranslations('device');
  const { me } = route.useRouteContext();
  const [code, setCode] = useState(keptDeviceCode);
  const [isDecided, setIsDecided] = useState<'allowed' | 'denied' | null>(null);

  const end = (how: 'allowed' | 'denied'): void => {
    forgetDeviceCode();
    setIsDecided(how);
  };
  const enterAnother = (): void => {
    forgetDeviceCode();
    setCode(null);
  };

  return (
    <CardPage>
      <CardTitle title={t('title')} texts={[t('signedInAs', { name: me.user.name, email: me.user.email })]} />
      {isDecided ? (
        <p role="status" className={classes.outcome}>
          {t(isDecided)}
        </p>
      ) : code === null ? (
        <CodeForm onEntered={setCode} />
      ) : (
        <Decision code={code} onDecided={end} onEnterAnother={enterAnother} />
      )}
    </CardPage>
  );
}
