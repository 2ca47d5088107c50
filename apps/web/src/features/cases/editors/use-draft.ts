import type { FieldOf } from '@meldesync/domain';
import { type FocusEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { useWriting } from '../../../editing/drive/use-writing.ts';
import type { NamedCase } from '../../../editing/named-case.ts';
import { useTellUnsaved } from '../../../editing/outcome/use-tell-unsaved.tsx';
import type { EditorView } from '../../locks/editor-view.ts';
import { useEditorLock } from '../../locks/use-editor-lock.ts';
import { textProblem } from './text-problem.ts';
import { isWindowBlur } from './window-blur.ts';

interface DraftInput {
  readonly field: FieldOf<'case' | 'text'>;
  /** The text as it was when the editor opened. */
  readonly stored: string | null;
  /** The case whose lock the editor takes. */
  readonly subject: NamedCase;
  readonly onSave: (text: string | null) => void;
  /** `returnFocus`: the editor was closed with a key. */
  readonly onEnd: (returnFocus: boolean) => void;
}

export interface Draft {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Why the text cannot be saved as it is, in a sentence. */
  readonly problem: string | null;
  readonly view: EditorView;
  /** True while a colleague has the case. */
  readonly isBlocked: boolean;
  /** Saves and closes; nothing happens while that cannot be. */
  readonly submit: () => void;
  /** Closes without a word about what was typed. */
  readonly discard: () => void;
  /** Saves and closes; what cannot be saved is shown in a message that keeps it. */
  readonly onBlur: (event: FocusEvent) => void;
}

/**
 * The text in an open editor and the ways it ends: saved, discarded, or kept for copying, which also happens when the
 * editor goes with what it stands in: its case was deleted, or another filter does not show it.
 */
export function useDraft({ field, stored, subject, onSave, onEnd }: DraftInput): Draft {
  const t = useTranslations('locks');
  const locale = useLocale();
  const tellUnsaved = useTellUnsaved();
  const leave = useWriting();
  const isOver = useRef(false);
  const [text, setText] = useState(stored ?? '');
  const problem = textProblem(field, text, locale);
  const isTyped = text.trim() !== (stored ?? '').trim();

  const lock = useEditorLock({
    subject,
    typed: isTyped ? text : undefined,
    onRefused: () => finish({ isSaved: false, returnFocus: true }),
  });
  const save = (): void => {
    if (!isTyped) return;
    if (lock.isBlocked) lock.keepTyped();
    else if (problem !== null) tellUnsaved({ name: subject.name, reason: problem, text });
    else onSave(text.trim() === '' ? null : text);
  };
  const finish = ({ isSaved, returnFocus }: { isSaved: boolean; returnFocus: boolean }): void => {
    // Closing takes the focus away, which must not save a second time.
    if (isOver.current) return;
    isOver.current = true;
    if (isSaved) save();
    onEnd(returnFocus);
  };
  /** By the person; what closes the editor without them leaves them typing. */
  const close = (how: { isSaved: boolean; returnFocus: boolean }): void => {
    leave();
    finish(how);
  };
  const keepTyped = useEffectEvent(() => {
    if (isTyped && !isOver.current) tellUnsaved({ name: subject.name, reason: t('fieldClosed'), text });
  });
  useEffect(() => () => keepTyped(), []);

  return {
    text,
    setText,
    problem,
    view: lock.view,
    isBlocked: lock.isBlocked,
    submit: () => {
      if (problem === null && !lock.isBlocked) close({ isSaved: true, returnFocus: true });
    },
    discard: () => close({ isSaved: false, returnFocus: true }),
    onBlur: (event) => {
      if (!isWindowBlur(event)) close({ isSaved: true, returnFocus: false });
    },
  };
}
