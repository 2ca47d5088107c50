import { createContext, type ReactNode, useContext } from 'react';

const IsInside = createContext(false);

/** Where the skip link leads. */
export const CONTENT_ID = 'content';

/** The page's main landmark. A page that may stand alone or inside another has only one of them either way. */
export function PageMain({ className, children }: { className?: string | undefined; children: ReactNode }) {
  if (useContext(IsInside)) return children;
  return (
    <main id={CONTENT_ID} className={className} tabIndex={-1}>
      <IsInside value>{children}</IsInside>
    </main>
  );
}
