import { useTranslations } from 'use-intl';
import { AvatarStack } from './avatar-stack.tsx';
import classes from './presence.module.css';
import { useAttendees } from './use-attendees.ts';
import { useNames } from './use-names.ts';

/** In the row of a case: who else has it open. */
export function RowPeople({ records }: { records: readonly { readonly id: number }[] }) {
  const users = useAttendees(records);
  return users.length === 0 ? null : <Present users={users} />;
}

function Present({ users }: { users: readonly string[] }) {
  const t = useTranslations('presence');
  const text = t('opened', { names: useNames(users) });
  return (
    <span className={classes.row} data-tip={text} data-tip-on-focus>
      <AvatarStack users={users} limit={1} size={16} />
      <span className="visually-hidden">{text}</span>
    </span>
  );
}
