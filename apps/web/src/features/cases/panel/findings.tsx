import type { ClientRecord } from '@meldesync/client';
import { describeFinding, type Finding } from '@meldesync/domain';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import classes from './case-panel.module.css';
import { findingsOf } from './findings-of.ts';

/** What stands out about a Meldebestätigung, checked here and now, hash included. */
export function Findings({ record }: { record: ClientRecord }) {
  const t = useTranslations('panel');
  const locale = useLocale();
  const findings = useFindings(record);
  if (!findings) return null;
  return (
    <>
      <h4 className={classes.subheading}>{t('sectionFindings')}</h4>
      {findings.length === 0 ? (
        <p className={classes.fine}>
          <IconCircleCheck size={15} aria-hidden="true" />
          {t('findingsNone')}
        </p>
      ) : (
        <ul className={classes.findings}>
          {findings.map((finding) => (
            <li key={finding.code} data-severity={finding.severity}>
              <IconAlertTriangle size={15} aria-hidden="true" />
              <span>{describeFinding(finding, locale)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function useFindings({ vorgangsnummer, ibe }: ClientRecord): readonly Finding[] | null {
  const [findings, setFindings] = useState<readonly Finding[] | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const check = async (): Promise<void> => {
      const found = await findingsOf({ vorgangsnummer, ibe });
      if (isCurrent) setFindings(found);
    };
    void check();
    return () => {
      isCurrent = false;
    };
  }, [vorgangsnummer, ibe]);
  return findings;
}
