import { useEffect, useRef, useState } from 'react';

/** Whether something that is to be told once was: so long after it was due for the first time. */
export function useToldOnce(isDue: boolean, afterMs: number): boolean {
  const [isTold, setIsTold] = useState(false);
  const timer = useRef<number>(undefined);
  useEffect(() => {
    if (isDue) timer.current ??= window.setTimeout(() => setIsTold(true), afterMs);
  }, [isDue, afterMs]);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return isTold;
}
