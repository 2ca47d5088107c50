import { Button } from '@mantine/core';
import type { ImportedMembers } from '@meldesync/protocol';
import { IconDownload } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmailAddress } from '../../../ui/email-address.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import formClasses from '../form.module.css';
import classes from './invitations.module.css';
import { resultCsv } from './result-csv.ts';

interface CsvResultProps {
  readonly rows: ImportedMembers['rows'];
  readonly onClose: () => void;
}

/** What became of each row, with the links, which are here and nowhere else. */
export function CsvResult({ rows, onClose }: CsvResultProps) {
  const t = useTranslations('administration.csv');
  const tAll = useTranslations('administration');
  const outcomes = { invited: t('invited'), unchanged: t('unchanged'), rejected: t('rejected') };
  const invited = rows.filter(({ outcome }) => outcome === 'invited').length;
  const download = (): void => {
    const csv = resultCsv(rows, { header: [t('line'), tAll('email'), t('outcome'), tAll('link.url')], outcomes });
    saveFile(csv, { name: t('downloadName'), type: 'text/csv;charset=utf-8' });
  };
  return (
    <div className={formClasses.form}>
      <p role="status">{t('result', { invited, rest: rows.length - invited })}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys (WCAG 2.1.1) */}
      <section className={classes.preview} tabIndex={0} aria-label={t('resultTitle')}>
        <table>
          <thead>
            <tr>
              <th scope="col" className={classes.number}>
                {t('line')}
              </th>
              <th scope="col">{tAll('email')}</th>
              <th scope="col">{t('outcome')}</th>
              <th scope="col">{tAll('link.url')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, email, outcome, message, link }) => (
              <tr key={line}>
                <td className={classes.number}>{line}</td>
                <td>
                  <EmailAddress address={email} />
                </td>
                <td className={outcome === 'rejected' ? classes.bad : outcome === 'invited' ? classes.ok : undefined}>
                  {message === null ? outcomes[outcome] : `${outcomes[outcome]}: ${message}`}
                </td>
                <td>{link ? <CopyButton text={link.url} label={t('copyLinkOf', { email })} /> : null}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className={formClasses.buttons}>
        <Button variant="default" onClick={onClose}>
          {tAll('done')}
        </Button>
        <Button data-autofocus leftSection={<IconDownload size={15} />} onClick={download}>
          {t('download')}
        </Button>
      </div>
    </div>
  );
}
