import { createContext, use, useEffect } from 'react';

/** Tells the dialog around it that it shows what is shown this once; what comes back takes that away. */
export const ShownOnceContext = createContext<(() => () => void) | null>(null);

/** For what nobody can show again, such as recovery codes: Escape does not close the dialog that it stands in, which its buttons do. */
export function useShownOnce(): void {
  const hold = use(ShownOnceContext);
  useEffect(() => hold?.(), [hold]);
}
