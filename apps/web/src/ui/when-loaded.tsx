import { type ReactNode, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTellPartFailed } from './use-tell-part-failed.ts';

interface WhenLoadedProps {
  /** Brings the code that the children need; the same function at each render. */
  readonly load: () => Promise<unknown>;
  /** Called when the code cannot be had now; a message has said so. */
  readonly onFailed?: () => void;
  /** Lazy components. */
  readonly children: ReactNode;
}

/**
 * Shows its children once their code is there. Code that cannot be loaded, because the browser is offline or a newer
 * version has taken its place on the server, is a message: a lazy component alone would throw, which takes the whole page
 * with all that is open in it, and would go on throwing when the code can be had again.
 */
export function WhenLoaded({ load, onFailed, children }: WhenLoadedProps) {
  const tellFailed = useTellPartFailed();
  const [isThere, setThere] = useState(false);
  const fail = useEffectEvent((error: unknown) => {
    tellFailed(error);
    onFailed?.();
  });
  useEffect(() => {
    let isOver = false;
    load().then(
      () => isOver || setThere(true),
      (error: unknown) => isOver || fail(error),
    );
    return () => {
      isOver = true;
    };
  }, [load]);
  return isThere ? <Suspense>{children}</Suspense> : null;
}
