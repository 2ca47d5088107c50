import { type AuditFilter, type AuditFormat, describeError } from '@meldesync/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { localDay } from '../../../address/audit-search.ts';
import { errorCodeOf } from '../../../api/api.ts';
import { auditApi } from '../../../api/audit.ts';
import { useSync } from '../../../sync/sync-context.tsx';
import { serverNow } from '../../../time/page-time.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { saveFile } from '../../../ui/save-file.ts';

const FILES: Readonly<Record<AuditFormat, { readonly ending: string; readonly type: string }>> = {
  csv: { ending: 'csv', type: 'text/csv' },
  jsonl: { ending: 'jsonl', type: 'application/jsonl' },
  fhir: { ending: 'fhir.json', type: 'application/fhir+json' },
  'fhir-ndjson': { ending: 'fhir.ndjson', type: 'application/fhir+ndjson' },
};

/** An export that runs, and how it is begun and ended. It ends with the page. */
export interface AuditExporting {
  readonly isRunning: boolean;
  readonly begin: (format: AuditFormat) => void;
  readonly cancel: () => void;
}

/** Fetches what a filter leaves as a file and hands it to the browser whole, or says why not. */
export function useExport(filter: AuditFilter): AuditExporting {
  const t = useTranslations('audit.export');
  const locale = useLocale();
  const { workspace } = useSync();
  const [running, setRunning] = useState<AbortController | null>(null);
  const latest = useRef(running);
  useEffect(() => {
    latest.current = running;
  }, [running]);
  useEffect(() => () => latest.current?.abort(), []);

  const begin = useCallback(
    (format: AuditFormat): void => {
      const ending = new AbortController();
      const name = `${t('fileName', { workspace: fileWord(workspace.name), day: localDay(serverNow()) })}.${FILES[format].ending}`;
      setRunning(ending);
      void run();

      async function run(): Promise<void> {
        try {
          const file = await auditApi().export(workspace.id, { filter, format, signal: ending.signal });
          saveFile(file, { name, type: FILES[format].type });
          showMessage({ color: 'teal', message: t('done', { name }) });
        } catch (error) {
          if (ending.signal.aborted) return;
          showMessage({
            color: 'red',
            autoClose: false,
            title: t('failed'),
            message: describeError(errorCodeOf(error), locale),
          });
        } finally {
          setRunning((current) => (current === ending ? null : current));
        }
      }
    },
    [filter, locale, t, workspace],
  );
  const cancel = useCallback((): void => {
    running?.abort();
    setRunning(null);
  }, [running]);
  return { isRunning: running !== null, begin, cancel };
}

/** A name as part of that of a file, on any system. */
function fileWord(name: string): string {
  return (
    name
      .normalize('NFC')
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, '')
      .toLowerCase() || 'meldesync'
  );
}
