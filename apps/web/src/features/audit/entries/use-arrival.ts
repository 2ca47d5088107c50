import { type RefObject, useEffect, useEffectEvent, useState } from 'react';
import type { TrailEnd } from '../audit-query.ts';
import type { AuditLine } from './audit-lines.ts';
import type { Trail } from './use-trail.ts';

interface ArrivalInput {
  readonly trail: Pick<Trail, 'end' | 'isOfBefore'>;
  readonly lines: readonly AuditLine[];
  readonly scrollRef: RefObject<HTMLDivElement | null>;
  readonly goTo: (line: number) => void;
}

/** Once a list that was begun at its other end is there, brings that end into view and gives it the focus; whether it has. */
export function useArrival({ trail: { end, isOfBefore }, lines, scrollRef, goTo }: ArrivalInput): boolean {
  const [arrived, setArrived] = useState<TrailEnd>('newest');
  const isDue = arrived !== end && !isOfBefore && lines.length > 0;
  const arrive = useEffectEvent((): void => {
    setArrived(end);
    const scroll = scrollRef.current;
    if (scroll) scroll.scrollTop = end === 'oldest' ? scroll.scrollHeight : 0;
    goTo(end === 'oldest' ? lines.length - 1 : 1);
  });
  useEffect(() => {
    if (isDue) arrive();
  }, [isDue]);
  return !isDue;
}
