import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { TrailEnd } from '../audit-query.ts';
import type { AuditLine } from './audit-lines.ts';
import type { Trail } from './use-trail.ts';

interface ArrivalInput {
  readonly trail: Pick<Trail, 'end' | 'isOfBefore'>;
  readonly lines: readonly AuditLine[];
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly goTo: (line: number) => void;
}

/** Once a list that was begun at its other end is there, brings that end into view and gives it the focus. */
export function useArrival({ trail: { end, isOfBefore }, lines, scrollRef, goTo }: ArrivalInput): void {
  const arrived = useRef<TrailEnd>('newest');
  const arrive = useEffectEvent((): void => {
    if (arrived.current === end) return;
    arrived.current = end;
    const scroll = scrollRef.current;
    if (scroll) scroll.scrollTop = end === 'oldest' ? scroll.scrollHeight : 0;
    goTo(end === 'oldest' ? lines.length - 1 : 1);
  });
  const isThere = !isOfBefore && lines.length > 0;
  useEffect(() => {
    if (isThere) arrive();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- at the other end is another list
  }, [isThere, end]);
}
