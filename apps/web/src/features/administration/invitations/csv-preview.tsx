import { useLocale, useTranslations } from 'use-intl';
import { formatDate } from '../../../i18n/format.ts';
import { EmailAddress } from '../../../ui/email-address.tsx';
import classes from './invitations.module.css';
import type { PreviewRow } from './preview-csv.ts';

/** So many are shown; the others are counted. */
const SHOWN = 200;

/** Nothing is wrong with those: they need no invitation. */
const HARMLESS: ReadonlySet<PreviewRow['outcome']> = new Set(['alreadyInvited', 'alreadyMember']);

/** What will become of each row, before anything is done. */
export function CsvPreview({ rows }: { rows: readonly PreviewRow[] }) {
  const t = useTranslations('administration.csv');
  const tAll = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  if (rows.length === 0) return <p role="status">{t('empty')}</p>;
  /** The last day of the membership; what nobody can read stands there as it is written. */
  const untilOf = (row: PreviewRow): string => {
    if (row.problem !== null) return row.expires;
    return row.expiresAt === null ? tAll('unlimited') : formatDate(row.expiresAt, locale);
  };
  const invite = rows.filter(({ outcome }) => outcome === 'willInvite').length;
  return (
    <div>
      <p role="status">{t('summary', { invite, rest: rows.length - invite })}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys (WCAG 2.1.1) */}
      <section className={classes.preview} tabIndex={0} aria-label={t('preview')}>
        <table>
          <thead>
            <tr>
              <th scope="col" className={classes.number}>
                {t('line')}
              </th>
              <th scope="col">{tAll('email')}</th>
              <th scope="col">{tAll('name')}</th>
              <th scope="col">{tAll('role')}</th>
              <th scope="col">{tAll('until')}</th>
              <th scope="col">{t('outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row) => (
              <tr key={row.line} data-outcome={row.outcome === 'willInvite' ? 'invited' : 'skipped'}>
                <td className={classes.number}>{row.line}</td>
                <td>
                  <EmailAddress address={row.email} />
                </td>
                <td>{row.name}</td>
                <td>{row.role === null ? '' : tShell(row.role)}</td>
                <td>{untilOf(row)}</td>
                <td className={toneOf(row.outcome)}>
                  {row.outcome === 'twice' ? t('twice', { line: String(row.firstLine) }) : t(row.outcome)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length > SHOWN ? <p>{t('more', { count: rows.length - SHOWN })}</p> : null}
      </section>
    </div>
  );
}

function toneOf(outcome: PreviewRow['outcome']): string | undefined {
  if (outcome === 'willInvite') return classes.ok;
  return HARMLESS.has(outcome) ? undefined : classes.bad;
}
