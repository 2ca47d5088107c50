import { roleAllows } from '@meldesync/protocol';
import { useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import { getPreferences } from '../../preferences/preferences.ts';
import { useSync } from '../../sync/sync-context.tsx';
import { useRole } from '../../sync/use-connection.ts';
import { isTyping } from '../../ui/is-typing.ts';
import { showLatest } from '../../ui/messages.tsx';
import { useDrive } from '../drive/drive-context.tsx';
import { useUndo } from './use-undo.ts';

/**
 * `Ctrl+Z` takes back, with `Shift` (or `Ctrl+Y`) does again, wherever no text is being typed; where keys lead through the
 * list, `Z` does so too.
 */
export function UndoKeys() {
  const t = useTranslations('undo');
  const { undo: history } = useSync();
  const undo = useUndo();
  const drive = useDrive();
  const mayEdit = roleAllows(useRole(), 'editor');

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const direction = directionOf(event);
    if (!direction || !mayEdit || event.defaultPrevented || isTyping(event.target)) return;
    if (isLetter(event) && !(getPreferences().letterShortcuts && drive.isCommand('change'))) return;
    if (document.querySelector('[aria-modal="true"]')) return;
    event.preventDefault();
    if (direction === 'undo' ? history.canUndo : history.canRedo) undo(direction);
    else showLatest('undo', { message: direction === 'undo' ? t('nothingToUndo') : t('nothingToRedo') });
  });
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return null;
}

function isLetter({ ctrlKey, metaKey }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey;
}

function directionOf({ key, ctrlKey, altKey, shiftKey }: KeyboardEvent): 'undo' | 'redo' | null {
  if (altKey) return null;
  const letter = key.toLowerCase();
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' && ctrlKey ? 'redo' : null;
}
