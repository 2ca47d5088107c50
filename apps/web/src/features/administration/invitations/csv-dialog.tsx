import { Button, FileButton, Textarea } from '@mantine/core';
import { decodeMemberFile } from '@meldesync/domain/members';
import type { ImportedMembers } from '@meldesync/protocol';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { serverNow } from '../../../time/page-time.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { administeredMembersQuery, invitationsQuery } from '../administration-queries.ts';
import formClasses from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import { useAct } from '../use-act.ts';
import { CsvPreview } from './csv-preview.tsx';
import { CsvResult } from './csv-result.tsx';
import classes from './invitations.module.css';
import { previewOf } from './preview-csv.ts';

/** More is no list of people. */
const MAX_BYTES = 1_000_000;

interface CsvDialogProps {
  readonly workspace: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}

/** Invites everybody in a CSV file: first what will happen, then what became of each row. */
export function CsvDialog({ workspace, onClose }: CsvDialogProps) {
  const t = useTranslations('administration.csv');
  const [rows, setRows] = useState<ImportedMembers['rows'] | null>(null);
  return (
    <Dialog title={rows ? t('resultTitle') : t('title')} width={720} onClose={onClose} isSticky>
      {rows ? (
        <CsvResult rows={rows} onClose={onClose} />
      ) : (
        <CsvForm workspace={workspace} onInvited={setRows} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface CsvFormProps extends CsvDialogProps {
  readonly onInvited: (rows: ImportedMembers['rows']) => void;
}

function CsvForm({ workspace, onInvited, onClose }: CsvFormProps) {
  const t = useTranslations('administration.csv');
  const tAll = useTranslations('administration');
  const act = useAct();
  const [text, setText] = useState('');
  const [now] = useState(() => serverNow());
  const { data: members } = useQuery(administeredMembersQuery(workspace.id));
  const { data: invitations } = useQuery(invitationsQuery(workspace.id));
  const known = useMemo(
    () => ({
      members: new Set(members?.map(({ email }) => email.toLowerCase())),
      invited: new Set(invitations?.filter(({ state }) => state === 'open').map(({ email }) => email.toLowerCase())),
    }),
    [members, invitations],
  );
  const preview = useMemo(() => (text.trim() === '' ? undefined : previewOf(text, known, now)), [text, known, now]);
  const count = preview?.filter(({ outcome }) => outcome === 'willInvite').length ?? 0;
  const read = async (file: File | null): Promise<void> => {
    if (!file) return;
    if (file.size > MAX_BYTES) showMessage({ color: 'red', message: t('tooLarge') });
    else setText(decodeMemberFile(new Uint8Array(await file.arrayBuffer())));
  };
  const submit = async (): Promise<void> => {
    const done = await act.run(() => administrationApi().importMembers(workspace.id, text));
    if (done) onInvited(done.answer.rows);
  };
  return (
    <div className={formClasses.form}>
      <ProblemNote problem={act.problem} />
      <p className={formClasses.text}>{t('text')}</p>
      <div className={classes.file}>
        <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void read(file)}>
          {(props) => (
            <Button {...props} variant="default" data-autofocus leftSection={<IconFileSpreadsheet size={15} />}>
              {t('file')}
            </Button>
          )}
        </FileButton>
      </div>
      <Textarea
        label={t('paste')}
        rows={preview ? 3 : 6}
        spellCheck={false}
        placeholder={t('example')}
        value={text}
        error={preview === null ? t('unreadable') : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {preview ? <CsvPreview rows={preview} /> : null}
      <div className={formClasses.buttons}>
        <Button variant="default" onClick={onClose}>
          {tAll('cancel')}
        </Button>
        <Button disabled={count === 0} loading={act.isBusy} onClick={() => void submit()}>
          {t('submit', { count })}
        </Button>
      </div>
    </div>
  );
}
