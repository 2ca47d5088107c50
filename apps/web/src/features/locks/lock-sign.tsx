import { IconAppWindow, IconLock } from '@tabler/icons-react';
import classes from './locks.module.css';
import { useCaseLock } from './use-case-lock.ts';

/** Before the name of a case: that it is locked. The words stand in the row's chip and beside its fields. */
export function LockSign({ records }: { records: readonly { readonly id: number }[] }) {
  const found = useCaseLock(records);
  if (!found) return null;
  return (
    <span className={classes.sign} data-mine={found.isMine || undefined} aria-hidden="true">
      {found.isMine ? <IconAppWindow size={14} /> : <IconLock size={14} />}
    </span>
  );
}
