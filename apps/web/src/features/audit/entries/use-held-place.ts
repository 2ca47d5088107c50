import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { AuditLine } from './audit-lines.ts';

interface HeldPlaceInput {
  readonly lines: readonly AuditLine[];
  /** In pixels. */
  readonly rowHeight: number;
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  /** Whether what is seen stays where it is when something is put above it. */
  readonly isHeld: boolean;
}

/** Holds what is seen in its place while newer entries are loaded above it. */
export function useHeldPlace({ lines, rowHeight, scrollRef, isHeld }: HeldPlaceInput): void {
  const before = useRef<readonly AuditLine[]>([]);
  useLayoutEffect(() => {
    const was = before.current;
    before.current = lines;
    if (!isHeld || was === lines) return;
    const first = was.findIndex(({ kind }) => kind === 'entry');
    const now = first < 0 ? -1 : lines.findIndex(({ key }) => key === was[first]?.key);
    const scroll = scrollRef.current;
    if (scroll && now > first) scroll.scrollTop += (now - first) * rowHeight;
  }, [lines, rowHeight, scrollRef, isHeld]);
}
