import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useSync } from '../../../sync/sync-context.tsx';
import { useMayAudit } from '../../audit/use-may-audit.ts';
import classes from './case-panel.module.css';

/** For who may see it: all that is on record about a record. */
export function TrailLink({ record }: { /** Internal id. */ record: number }) {
  const t = useTranslations('panel');
  const { workspace } = useSync();
  if (!useMayAudit()) return null;
  return (
    <Link
      to="/w/$workspace/audit"
      params={{ workspace: workspace.id }}
      search={{ record }}
      className={classes.trail}
      data-print="none"
    >
      {t('inTrail')}
    </Link>
  );
}
