import { IconBan, IconCircleCheck, IconClockOff, IconPlayerPause } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { MemberState } from './member-state.ts';
import classes from './table.module.css';

const LOOKS = {
  active: { icon: IconCircleCheck, tone: 'ok' },
  suspended: { icon: IconPlayerPause, tone: 'warn' },
  expired: { icon: IconClockOff, tone: 'warn' },
  disabled: { icon: IconBan, tone: 'bad' },
} as const;

/** How a membership or an account stands, as a sign and a word. */
export function StateMark({ state, label }: { state: MemberState; label?: string }) {
  const t = useTranslations('administration.states');
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <span className={classes.state} data-tone={tone}>
      <Icon size={15} aria-hidden="true" />
      {label ?? t(state)}
    </span>
  );
}
