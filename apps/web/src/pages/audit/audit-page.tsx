import { IconLock } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { AuditTexts } from '../../features/audit/audit-texts.tsx';
import { useMayAudit } from '../../features/audit/use-may-audit.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { StatePage } from '../../ui/state-page.tsx';
import classes from './audit-page.module.css';
import { TrailPage } from './trail-page.tsx';

/** Who did what in the workspace (R5.1 to R5.3), for auditors and admins. */
export function AuditPage() {
  return (
    <AuditTexts>
      <Page />
    </AuditTexts>
  );
}

function Page() {
  const t = useTranslations('audit');
  const { workspace } = useSync();
  const mayAudit = useMayAudit();
  const forbidden = <StatePage icon={<IconLock size={24} />} title={t('forbiddenTitle')} text={t('forbiddenText')} />;
  return (
    <div className={classes.page}>
      <title>{`${t('title')} · ${workspace.name} · MeldeSync`}</title>
      {mayAudit ? <TrailPage forbidden={forbidden} /> : forbidden}
    </div>
  );
}
