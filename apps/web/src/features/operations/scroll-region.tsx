import type { ReactNode } from 'react';
import classes from './operations.module.css';

/** A table that is wider than a small screen. `labelledBy` is the id of its heading. */
export function ScrollRegion({ labelledBy, children }: { labelledBy: string; children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by keys (WCAG 2.1.1)
    <section className={classes.scroll} tabIndex={0} aria-labelledby={labelledBy}>
      {children}
    </section>
  );
}
