import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useDrive } from '../editing/drive/drive-context.tsx';
import { useMayAdminister } from '../features/administration/use-may-administer.ts';
import { useMayAudit } from '../features/audit/use-may-audit.ts';
import { useMayOperate } from '../features/operations/use-may-operate.ts';
import { getPreferences } from '../preferences/preferences.ts';
import { useSync } from '../sync/sync-context.tsx';
import { isTyping } from '../ui/is-typing.ts';
import { ACTIVE_CELL_ID, SEARCH_FIELD_ID } from '../ui/landmarks.ts';

/** How long after `G` the second key counts. */
const SEQUENCE_MS = 1_500;

const PAGES = {
  f: '/w/$workspace/cases',
  i: '/w/$workspace/imports',
  p: '/w/$workspace/audit',
  b: '/w/$workspace/operations',
  v: '/w/$workspace/administration',
  k: '/w/$workspace/account',
} as const;

/** Arrows into the list, `/`, `?` and `G` with the letter of a page, wherever these are commands and no text. */
export function useGlobalShortcuts({ onHelp }: { onHelp: () => void }): void {
  const navigate = useNavigate();
  const { workspace } = useSync();
  const drive = useDrive();
  const mayAudit = useMayAudit();
  const mayOperate = useMayOperate();
  const mayAdminister = useMayAdminister();
  const sequenceStart = useRef(Number.NEGATIVE_INFINITY);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === document.body && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      // Nothing has the focus yet: the arrows lead into the list.
      const cell = document.getElementById(ACTIVE_CELL_ID);
      if (!cell) return;
      event.preventDefault();
      drive.tell('walk');
      cell.focus();
      return;
    }
    if (!getPreferences().letterShortcuts || document.querySelector('[aria-modal="true"]')) return;
    const key = event.key.toLowerCase();
    const mayGo = { b: mayOperate, p: mayAudit, v: mayAdminister, f: true, i: true, k: true };
    const page = isPageKey(key) && mayGo[key] ? PAGES[key] : null;
    const isSign = key === '/' || key === '?';
    if (!drive.isCommand(isSign ? 'sign' : 'go')) return;
    if (page && event.timeStamp - sequenceStart.current < SEQUENCE_MS) {
      event.preventDefault();
      sequenceStart.current = Number.NEGATIVE_INFINITY;
      void navigate({ to: page, params: { workspace: workspace.id } });
    } else if (key === 'g') {
      sequenceStart.current = event.timeStamp;
    } else if (key === '?') {
      event.preventDefault();
      onHelp();
    } else if (key === '/') {
      const field = document.getElementById(SEARCH_FIELD_ID);
      if (field) event.preventDefault();
      field?.focus();
    }
  });

  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function isPageKey(key: string): key is keyof typeof PAGES {
  return Object.hasOwn(PAGES, key);
}
