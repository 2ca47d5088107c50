import type { ImportSummary } from '@meldesync/protocol';
import { useTranslations } from 'use-intl';
import type { ImportPace } from './import-pace.ts';
import { ImportRow } from './import-row.tsx';
import classes from './import-table.module.css';
import { UploadRow } from './upload-row.tsx';
import type { Upload } from './uploads.ts';

interface ImportTableProps {
  readonly imports: readonly ImportSummary[];
  readonly uploads: readonly Upload[];
  readonly paces: ReadonlyMap<string, ImportPace>;
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
}

/** One row a file: those still on their way first, then the newest. */
export function ImportTable({ imports, uploads, paces, openId, onOpen }: ImportTableProps) {
  const t = useTranslations('imports');
  return (
    <table className={classes.table} aria-label={t('list')}>
      <thead>
        <tr>
          <th scope="col">{t('file')}</th>
          <th scope="col" className={classes.statusColumn}>
            {t('status')}
          </th>
          <th scope="col" className={classes.number}>
            {t('new')}
          </th>
          <th scope="col" className={classes.number}>
            {t('updated')}
          </th>
          <th scope="col" className={classes.number}>
            {t('unchanged')}
          </th>
          <th scope="col" className={classes.number}>
            {t('rejected')}
          </th>
          <th scope="col" className={classes.number}>
            {t('warned')}
          </th>
          <th scope="col" className={classes.byColumn}>
            {t('by')}
          </th>
          <th scope="col" className={classes.whenColumn}>
            {t('when')}
          </th>
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} />
        ))}
        {imports.map((summary) => (
          <ImportRow
            key={summary.id}
            summary={summary}
            pace={paces.get(summary.id) ?? null}
            isOpen={summary.id === openId}
            onOpen={onOpen}
          />
        ))}
      </tbody>
    </table>
  );
}
