import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { PageMain } from '../../ui/page-main.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';
import { LanguageSwitch } from '../sign-in/language-switch.tsx';
import pageClasses from '../sign-in/sign-in-page.module.css';
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
    <PageMain className={pageClasses.page}>
      <title>{`${t('title')} · MeldeSync`}</title>
      <div className={pageClasses.card}>
        <Wordmark size={28} />
        <div>
          <h1 className={pageClasses.title}>{t('title')}</h1>
          <p className={pageClasses.subtitle}>{t('signedInAs', { name: me.user.name, email: me.user.email })}</p>
        </div>
        {isDecided ? (
          <p role="status" className={classes.outcome}>
            {t(isDecided)}
          </p>
        ) : code === null ? (
          <CodeForm onEntered={setCode} />
        ) : (
          <Decision code={code} onDecided={end} onEnterAnother={enterAnother} />
        )}
      </div>
      <LanguageSwitch />
    </PageMain>
  );
}
