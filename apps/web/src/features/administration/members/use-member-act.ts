import type { AdministeredMember, MemberChange } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { formatDate } from '../../../i18n/format.ts';
import { showMessage } from '../../../ui/messages.tsx';
import { type Act, useAct } from '../use-act.ts';

/** What can be done with one member. */
export interface MemberAct {
  readonly act: Act;
  /** What was wanted when it was refused, or is wanted while it is under way. */
  readonly wanted: MemberChange | null;
  /** Changes the member as they stand now; whether that was done. `said` is told when it was. */
  readonly change: (change: MemberChange, said: string) => Promise<boolean>;
  readonly remove: () => Promise<boolean>;
  readonly clear: () => void;
  /** A change in words, and how the member stands. */
  readonly wordsOf: (change: MemberChange) => string;
}

/** Changes a member, based on the version that is shown. */
export function useMemberAct(workspace: string, member: AdministeredMember): MemberAct {
  const t = useTranslations('administration.members');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const act = useAct();
  const [wanted, setWanted] = useState<MemberChange | null>(null);
  const clear = (): void => {
    setWanted(null);
    act.clear();
  };
  return {
    act,
    wanted,
    clear,
    change: async (change, said) => {
      setWanted(change);
      const done = await act.run(() => administrationApi().changeMember(workspace, member.id, member.version, change));
      if (!done) return false;
      setWanted(null);
      showMessage({ message: said });
      return true;
    },
    remove: async () => {
      const done = await act.run(() => administrationApi().removeMember(workspace, member.id, member.version));
      if (done) showMessage({ message: t('removed', { name: member.name }) });
      return done !== null;
    },
    wordsOf: ({ role, expiresAt, isSuspended }) =>
      [
        role === undefined ? null : t('wantedRole', { role: tShell(role) }),
        expiresAt === undefined
          ? null
          : expiresAt === null
            ? t('wantedUnlimited')
            : t('wantedExpiry', { date: formatDate(new Date(expiresAt), locale) }),
        isSuspended === undefined ? null : isSuspended ? t('wantedSuspended') : t('wantedActive'),
      ]
        .filter((part) => part !== null)
        .join(', '),
  };
}
