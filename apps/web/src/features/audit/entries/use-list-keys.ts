import type { AuditEntry } from '@meldesync/protocol';
import { type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { type AuditLine, lineFrom } from './audit-lines.ts';

interface ListKeysInput {
  readonly lines: readonly AuditLine[];
  /** Key of the entry in the side panel. */
  readonly openKey: string | null;
  readonly onOpen: (entry: AuditEntry | null, isByKey: boolean) => void;
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  /** Brings a line into view. */
  readonly scrollTo: (line: number) => void;
  /** How many lines a page has. */
  readonly pageLines: () => number;
  /** Leads to an end that is not loaded; false where it is. */
  readonly goToEnd: (key: 'Home' | 'End') => boolean;
}

/** Goes through the list by keys and by clicks, and opens what is under them. The open panel follows. */
export function useListKeys({ lines, openKey, onOpen, scrollRef, scrollTo, pageLines, goToEnd }: ListKeysInput) {
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const wantsFocus = useRef(false);
  const active = lines.some(({ key }) => key === activeKey) ? activeKey : firstEntry(lines);

  // The row is drawn only once it is in view.
  useEffect(() => {
    if (!wantsFocus.current) return;
    const row = rowOf(scrollRef.current, activeKey);
    if (!row) return;
    wantsFocus.current = false;
    row.focus({ preventScroll: true });
  });

  const goTo = (line: number): void => {
    const goal = lines[line];
    if (goal?.kind !== 'entry') return;
    wantsFocus.current = true;
    setActiveKey(goal.key);
    scrollTo(line);
    if (openKey !== null && openKey !== goal.key) onOpen(goal.entry, false);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.defaultPrevented) return;
    // While the list itself has the focus, its row is about to be drawn.
    const under = lineUnder(event.target);
    const line = under < 0 ? lines.findIndex(({ key }) => key === active) : under;
    const at = lines[line];
    if (event.key === 'Escape' && openKey !== null) onOpen(null, true);
    else if ((event.key === 'Enter' || event.key === ' ') && at?.kind === 'entry') onOpen(at.entry, true);
    else {
      const step = stepOf(event.key, pageLines());
      if (step === null || line < 0) return;
      const isFar = (event.key === 'Home' || event.key === 'End') && goToEnd(event.key);
      if (!isFar) goTo(lineFrom(lines, line, step));
    }
    event.preventDefault();
  };

  const onClick = (event: MouseEvent): void => {
    const at = lines[lineUnder(event.target)];
    // Who marks a text to copy it opens nothing.
    if (at?.kind !== 'entry' || String(getSelection() ?? '') !== '') return;
    setActiveKey(at.key);
    onOpen(at.key === openKey ? null : at.entry, false);
  };

  return {
    /** The row that Tab leads to; null when there is none. */
    active,
    goTo,
    onKeyDown,
    onClick,
    /** Gives the focus to a row by its key; null for the first. */
    focusRow: (key: string | null): void => {
      wantsFocus.current = true;
      setActiveKey(key);
    },
  };
}

function firstEntry(lines: readonly AuditLine[]): string | null {
  return lines.find(({ kind }) => kind === 'entry')?.key ?? null;
}

/** How far a key leads; null for one that leads nowhere. */
function stepOf(key: string, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return page;
    case 'PageUp':
      return -page;
    case 'Home':
      return Number.NEGATIVE_INFINITY;
    case 'End':
      return Number.POSITIVE_INFINITY;
    default:
      return null;
  }
}

function rowOf(list: HTMLElement | null, key: string | null): HTMLElement | null {
  const selector = key === null ? '[role=row][data-key]' : `[role=row][data-key="${CSS.escape(key)}"]`;
  return list?.querySelector<HTMLElement>(selector) ?? null;
}

/** The line of the row that something is in; -1 outside of rows. */
function lineUnder(target: EventTarget): number {
  if (!(target instanceof Element)) return -1;
  return Number(target.closest<HTMLElement>('[role=row][data-line]')?.dataset['line'] ?? -1);
}
