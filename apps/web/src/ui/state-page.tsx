import type { ReactNode } from 'react';
import classes from './state-page.module.css';

interface StatePageProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: string | undefined;
  readonly action?: ReactNode;
  /** The page's only heading, unless it stands inside a page that has one. */
  readonly heading?: 'h1' | 'h2';
}

/** What stands in the middle of a page that has nothing else to show: empty, failed, not found. */
export function StatePage({ icon, title, text, action, heading: Heading = 'h1' }: StatePageProps) {
  return (
    <div className={classes.page}>
      <span className={classes.icon} aria-hidden="true">
        {icon}
      </span>
      <Heading className={classes.title}>{title}</Heading>
      {text === undefined ? null : <p className={classes.text}>{text}</p>}
      {action ? <div className={classes.action}>{action}</div> : null}
    </div>
  );
}
