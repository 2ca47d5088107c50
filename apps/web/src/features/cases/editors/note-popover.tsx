import { Popover } from '@mantine/core';
import type { CaseRow, ClientRecord } from '@meldesync/client';
import { useTranslations } from 'use-intl';
import { CONTENT_ID } from '../../../ui/page-main.tsx';
import { sharedValue } from '../case-facts.ts';
import { useRowName } from '../use-row-name.ts';
import classes from './editors.module.css';
import { NoteEditor } from './note-editor.tsx';

interface NotePopoverProps {
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (note: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

/** The note of a whole case in a field of its own beside the cell. */
export function NotePopover({ row, seen, onSave, onEnd }: NotePopoverProps) {
  const t = useTranslations('edit');
  const rowName = useRowName();
  const note = sharedValue(seen, 'note');
  const label = t('editNote', { row: rowName(row) });
  return (
    <Popover
      opened
      position="bottom-start"
      width={340}
      shadow="md"
      offset={2}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withRoles={false}
      portalProps={{ target: `#${CONTENT_ID}` }}
    >
      <Popover.Target>
        <span className={classes.anchor} />
      </Popover.Target>
      <Popover.Dropdown className={classes.popover ?? ''} role="dialog" aria-label={label}>
        <NoteEditor
          label={label}
          subject={{ records: seen.map(({ id }) => id), name: rowName(row) }}
          note={note.isShared ? note.value : null}
          onSave={onSave}
          onEnd={onEnd}
          isFocused
        />
      </Popover.Dropdown>
    </Popover>
  );
}
