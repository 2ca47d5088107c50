import type { CaseRow, ClientRecord } from '@meldesync/client';
import type { FieldOf } from '@meldesync/domain';
import { type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useWriting } from '../../../editing/drive/use-writing.ts';
import { useRowName } from '../../../editing/use-row-name.ts';
import { comingCode, useComingCode } from '../../../ui/coming-code.ts';
import { EditorNotice } from '../../locks/editor-notice.tsx';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import { sharedValue } from '../facts/case-facts.ts';
import { WaitingField } from './waiting-field.tsx';
import { isWindowBlur } from './window-blur.ts';

interface PersonEditorProps {
  readonly field: FieldOf<'person'>;
  readonly row: CaseRow;
  readonly seen: readonly ClientRecord[];
  readonly onSave: (person: string | null) => void;
  readonly onEnd: (returnFocus: boolean) => void;
}

const picker = comingCode(async () => (await import('./person-picker.tsx')).PersonPicker);

/**
 * The people of the workspace over the cell, while its case is locked for the others. What is typed before the list is there
 * looks for a person in it.
 */
export function PersonEditor({ field, row, seen, onSave, onEnd }: PersonEditorProps) {
  const t = useTranslations('edit');
  const rowName = useRowName();
  const leave = useWriting();
  const [text, setText] = useState('');
  const lock = useEditorLock({
    subject: { records: seen.map(({ id }) => id), name: rowName(row) },
    // What is typed only looks for a person.
    typed: undefined,
    onRefused: () => onEnd(true),
  });
  const isThere = useComingCode(picker, () => onEnd(true));
  const current = sharedValue(seen, field);
  const end = (returnFocus: boolean): void => {
    leave();
    onEnd(returnFocus);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    // Nobody is chosen who cannot be seen yet.
    if (event.key === 'Enter') event.preventDefault();
    if (event.key === 'Escape') end(true);
  };
  return (
    <WaitingField
      label={t('searchPeople')}
      text={text}
      onText={setText}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (!isWindowBlur(event)) end(false);
      }}
    >
      {isThere ? (
        <picker.Component
          label={t(field)}
          current={current.isShared ? current.value : undefined}
          initialText={text}
          onPick={onSave}
          onEnd={end}
        >
          <EditorNotice view={lock.view} />
        </picker.Component>
      ) : null}
    </WaitingField>
  );
}
