import { Button, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useRouteContext } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { SecuritySection } from '../../features/account/security/security-section.tsx';
import { useChangeLanguage } from '../../features/account/use-change-language.ts';
import { useSignOut } from '../../features/account/use-sign-out.ts';
import { Avatar } from '../../people/avatar.tsx';
import { personColor } from '../../people/person-color.ts';
import { setPreference, usePreferences } from '../../preferences/preferences.ts';
import { useRole } from '../../sync/use-connection.ts';
import { EmailAddress } from '../../ui/email-address.tsx';
import classes from './account-page.module.css';
import { SESSIONS_TITLE_ID, SessionList } from './session-list.tsx';

/** The person's own settings; they hold for this browser. */
export function AccountPage() {
  const t = useTranslations('account');
  return (
    <div className={classes.page}>
      <title>{`${t('title')} · MeldeSync`}</title>
      <div className={classes.column}>
        <h1 className={classes.title}>{t('title')}</h1>
        <Profile />
        <Appearance />
        <Security />
        <section className={classes.card} aria-labelledby={SESSIONS_TITLE_ID}>
          <h2 id={SESSIONS_TITLE_ID} tabIndex={-1} className={classes.heading}>
            {t('sessions')}
          </h2>
          <p className={classes.text}>{t('sessionsText')}</p>
          <SessionList />
        </section>
      </div>
    </div>
  );
}

function Security() {
  const t = useTranslations('security');
  const { me } = useRouteContext({ from: '/signed-in/w/$workspace' });
  return (
    <section className={classes.card} aria-labelledby="security">
      <h2 id="security" className={classes.heading}>
        {t('title')}
      </h2>
      <SecuritySection owner={me.user} />
    </section>
  );
}

function Profile() {
  const t = useTranslations('account');
  const tShell = useTranslations('shell');
  const { me, workspace } = useRouteContext({ from: '/signed-in/w/$workspace' });
  const role = useRole();
  const leave = useSignOut();
  return (
    <section className={classes.card} aria-labelledby="profile">
      <h2 id="profile" className={classes.heading}>
        {t('profile')}
      </h2>
      <div className={classes.person}>
        <Avatar person={{ name: me.user.name, color: personColor(me.user.id), isPerson: true }} size={40} />
        <dl className={classes.facts}>
          <dt>{t('name')}</dt>
          <dd>{me.user.name}</dd>
          <dt>{t('email')}</dt>
          <dd>
            <EmailAddress address={me.user.email} />
          </dd>
          <dt>{t('role', { workspace: workspace.name })}</dt>
          <dd>{tShell(`roles.${role}`)}</dd>
        </dl>
        <Button variant="default" leftSection={<IconLogout size={15} />} onClick={leave}>
          {t('signOut')}
        </Button>
      </div>
      <p className={classes.note}>{t('profileText')}</p>
    </section>
  );
}

function Appearance() {
  const t = useTranslations('account');
  const { language, density, letterShortcuts } = usePreferences();
  const changeLanguage = useChangeLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <section className={classes.card} aria-labelledby="appearance">
      <h2 id="appearance" className={classes.heading}>
        {t('appearance')}
      </h2>
      <Setting label={t('language')}>
        <Choice
          label={t('language')}
          value={language}
          options={{ de: 'Deutsch', en: 'English' }}
          onChange={changeLanguage}
        />
      </Setting>
      <Setting label={t('theme')}>
        <Choice
          label={t('theme')}
          value={colorScheme}
          options={{ light: t('themeLight'), dark: t('themeDark'), auto: t('themeSystem') }}
          onChange={setColorScheme}
        />
      </Setting>
      <Setting label={t('density')}>
        <Choice
          label={t('density')}
          value={density}
          options={{ comfortable: t('densityComfortable'), compact: t('densityCompact') }}
          onChange={(chosen) => setPreference('density', chosen)}
        />
      </Setting>
      <Setting label={t('shortcuts')} text={t('shortcutsText')}>
        <Switch
          aria-label={t('shortcuts')}
          checked={letterShortcuts}
          onChange={(event) => setPreference('letterShortcuts', event.currentTarget.checked)}
        />
      </Setting>
    </section>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
}

/** A few options side by side, one of them chosen. */
function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
      data={Object.entries<string>(options).map(([option, text]) => ({ value: option, label: text }))}
    />
  );
}

function Setting({ label, text, children }: { label: string; text?: string; children: ReactNode }) {
  return (
    <div className={classes.setting}>
      <span>
        <span className={classes.settingLabel}>{label}</span>
        {text === undefined ? null : <span className={classes.text}>{text}</span>}
      </span>
      {children}
    </div>
  );
}
