import type { ReactNode } from 'react';
import classes from './waiting-pill.module.css';

/** Says above a list what has come and waits, and shows it: on the line between filters and headings, where no row is. */
export function WaitingPill({ onShow, children }: { onShow: () => void; children: ReactNode }) {
  return (
    <button type="button" className={classes.pill} onClick={onShow}>
      {children}
    </button>
  );
}
