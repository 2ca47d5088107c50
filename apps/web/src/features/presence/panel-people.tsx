import { useTranslations } from 'use-intl';
import { AvatarStack } from './avatar-stack.tsx';
import classes from './presence.module.css';
import { useAttendees } from './use-attendees.ts';
import { useNames } from './use-names.ts';

/** In the panel of a case: who else has it open. */
export function PanelPeople({ records }: { records: readonly { readonly id: number }[] }) {
  const t = useTranslations('presence');
  const users = useAttendees(records);
  const names = useNames(users);
  return (
    <div role="status">
      {users.length === 0 ? null : (
        <p className={classes.panel}>
          <AvatarStack users={users} limit={4} size={20} />
          <span>{t('opened', { names })}</span>
        </p>
      )}
    </div>
  );
}
