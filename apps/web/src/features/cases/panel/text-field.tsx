import type { ClientRecord } from '@meldesync/client';
import type { FieldOf } from '@meldesync/domain';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useDrive } from '../../../editing/drive/drive-context.tsx';
import { useEdit } from '../../../editing/use-edit.tsx';
import { PANEL_LOCK_ID } from '../../locks/panel-lock.tsx';
import { useLockGuard } from '../../locks/use-tell-locked.tsx';
import { TextEditor } from '../editors/text-editor.tsx';
import classes from './case-panel.module.css';
import type { PanelFieldProps } from './panel-field.ts';

/** What was written, as text; a click turns it into a field, based on the record as it was then. */
export function TextField({ field, record, half, mayEdit, subject, lockReason }: PanelFieldProps<FieldOf<'text'>>) {
  const t = useTranslations('edit');
  const save = useEdit();
  const isLocked = useLockGuard();
  const drive = useDrive();
  const returnsFocus = useRef(false);
  const [seen, setSeen] = useState<ClientRecord | null>(null);
  const label = `${t(field)}, ${half}`;
  const text = record[field];
  const placeholder = t(`placeholder.${field}`);
  const open = (): void => {
    // Who types already, expecting a field, must not give commands.
    if (isLocked(subject)) drive.tell('lose');
    else setSeen(record);
  };
  /** When the field was closed with a key. */
  const takeFocus = (button: HTMLButtonElement | null): void => {
    if (!button || !returnsFocus.current) return;
    returnsFocus.current = false;
    button.focus();
  };
  return (
    <div>
      <span className={classes.label} aria-hidden="true">
        {t(field)}
      </span>
      {seen ? (
        <TextEditor
          field={field}
          label={label}
          text={seen[field]}
          subject={subject}
          onSave={(written) => save([seen], { [field]: written })}
          onEnd={(returnFocus) => {
            returnsFocus.current = returnFocus;
            setSeen(null);
          }}
        />
      ) : (
        <button
          type="button"
          ref={takeFocus}
          className={classes.text}
          aria-label={`${label}: ${text ?? placeholder}`}
          disabled={!mayEdit}
          aria-disabled={lockReason !== null || undefined}
          aria-describedby={lockReason === null ? undefined : PANEL_LOCK_ID}
          onClick={open}
        >
          {text ?? <span className={classes.textEmpty}>{mayEdit ? placeholder : '–'}</span>}
        </button>
      )}
    </div>
  );
}
