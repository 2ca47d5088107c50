import { useTranslations } from 'use-intl';
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
  if (rows.length === 0) return <p role="status">{t('empty')}</p>;
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
              <th scope="col">{t('outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map(({ line, email, name, role, outcome, firstLine }) => (
              <tr key={line} data-outcome={outcome === 'willInvite' ? 'invited' : 'skipped'}>
                <td className={classes.number}>{line}</td>
                <td>{email}</td>
                <td>{name}</td>
                <td>{role === null ? '' : tShell(role)}</td>
                <td className={outcome === 'willInvite' ? classes.ok : HARMLESS.has(outcome) ? undefined : classes.bad}>
                  {outcome === 'twice' ? t('twice', { line: String(firstLine) }) : t(outcome)}
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
