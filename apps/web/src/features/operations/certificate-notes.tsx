import { serviceCertificates } from '@meldesync/client';
import type { Operations } from '@meldesync/protocol';
import { IconAlertTriangle, IconCertificate } from '@tabler/icons-react';
import { useLocale, useTranslations } from 'use-intl';
import { formatDate } from '../../i18n/format.ts';
import classes from './operations.module.css';

const TONES = { fine: 'none', soon: 'warn', urgent: 'bad', over: 'bad', unread: 'none' } as const;

/** When the certificates are over that browsers meet; nothing where no node looks at any. */
export function CertificateNotes({ operations: { processes, at } }: { operations: Operations }) {
  const t = useTranslations('operations.certificates');
  const locale = useLocale();
  return serviceCertificates(processes, at).map(({ source, state, days, endsAt }) => {
    const tone = TONES[state];
    const Icon = tone === 'none' ? IconCertificate : IconAlertTriangle;
    const date = endsAt === null ? '' : formatDate(new Date(endsAt), locale);
    return (
      <p key={source} className={classes.certificate} data-tone={tone}>
        <Icon size={16} aria-hidden="true" />
        <span>{t(state, { which: t(source), date, days: days ?? 0 })}</span>
      </p>
    );
  });
}
