import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useMayAdminister } from '../features/administration/use-may-administer.ts';
import { useMayAudit } from '../features/audit/use-may-audit.ts';
import { WaitingConflicts } from '../features/conflicts/waiting-conflicts.tsx';
import { useUploadCount } from '../features/imports/uploads-context.tsx';
import { useMayOperate } from '../features/operations/use-may-operate.ts';
import { HeaderPeople } from '../features/presence/header-people.tsx';
import { useSync } from '../sync/sync-context.tsx';
import { Wordmark } from '../ui/wordmark.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ConnectionPill } from './connection-pill.tsx';
import classes from './header.module.css';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Where one is, where one can go, and how current the page is. */
export function Header() {
  const t = useTranslations('shell');
  const { workspace } = useSync();
  const uploads = useUploadCount();
  const mayAudit = useMayAudit();
  const mayOperate = useMayOperate();
  const mayAdminister = useMayAdminister();
  const params = { workspace: workspace.id };
  return (
    <header className={classes.header}>
      <Link to="/w/$workspace/cases" params={params} className={classes.home} aria-label="MeldeSync">
        <Wordmark />
      </Link>
      <WorkspaceSwitcher />
      <nav className={classes.nav} aria-label={t('navigation')}>
        <Link to="/w/$workspace/cases" params={params} className={classes.link}>
          {t('cases')}
        </Link>
        <Link to="/w/$workspace/imports" params={params} className={classes.link}>
          {t('imports')}
          {uploads > 0 ? (
            <span className={classes.count}>
              <span aria-hidden="true">{uploads}</span>
              <span className="visually-hidden">{t('uploadsRunning', { count: uploads })}</span>
            </span>
          ) : null}
        </Link>
        {mayAudit ? (
          <Link to="/w/$workspace/audit" params={params} className={classes.link}>
            {t('audit')}
          </Link>
        ) : null}
        {mayOperate ? (
          <Link to="/w/$workspace/operations" params={params} className={classes.link}>
            {t('operations')}
          </Link>
        ) : null}
        {mayAdminister ? (
          <Link to="/w/$workspace/administration" params={params} className={classes.link}>
            {t('administration')}
          </Link>
        ) : null}
      </nav>
      <WaitingConflicts />
      <ConnectionPill />
      <HeaderPeople />
      <AccountMenu />
    </header>
  );
}
