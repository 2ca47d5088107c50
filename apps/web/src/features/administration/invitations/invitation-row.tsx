import { Button } from '@mantine/core';
import { describeError, type Invitation, type MadeInvitation } from '@meldesync/protocol';
import { IconCircleCheck, IconClock, IconClockOff, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { administrationApi } from '../../../api/administration.ts';
import { formatDate, formatExact } from '../../../i18n/format.ts';
import { EmailAddress } from '../../../ui/email-address.tsx';
import { showMessage } from '../../../ui/messages.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { LinkDialog } from '../link-dialog.tsx';
import { Moment } from '../moment.tsx';
import { RowProblem } from '../row-problem.tsx';
import classes from '../table.module.css';
import { useAct } from '../use-act.ts';

const COLUMNS = { wide: 7, narrow: 2 };

const LOOKS = {
  open: { icon: IconClock, tone: 'none' },
  expired: { icon: IconClockOff, tone: 'warn' },
  accepted: { icon: IconCircleCheck, tone: 'ok' },
  revoked: { icon: IconX, tone: 'none' },
} as const;

interface InvitationRowProps {
  readonly workspace: string;
  readonly invitation: Invitation;
  /** Name of who invited; null where that is not known any more. */
  readonly inviter: string | null;
  readonly now: number;
}

/** An invitation: for whom, how it stands, and a new link or its end. Long for its markup. */
export function InvitationRow({ workspace, invitation, inviter, now }: InvitationRowProps) {
  const t = useTranslations('administration.invitations');
  const tAll = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const act = useAct();
  const [isRevoking, setRevoking] = useState(false);
  const [renewed, setRenewed] = useState<MadeInvitation | null>(null);
  const { id, email, name, state } = invitation;
  const { icon: Icon, tone } = LOOKS[state];
  const isOver = state === 'accepted' || state === 'revoked';
  const day = (iso: string) => <span title={formatExact(iso, locale)}>{formatDate(new Date(iso), locale)}</span>;
  const renew = async (): Promise<void> => {
    const done = await act.run(() => administrationApi().renewInvitation(workspace, id));
    if (done) setRenewed(done.answer);
  };
  const revoke = async (): Promise<void> => {
    if (!(await act.run(() => administrationApi().revokeInvitation(workspace, id)))) return;
    showMessage({ message: t('revoked', { email }) });
    setRevoking(false);
  };
  const problem = isRevoking ? null : act.problem;
  return (
    <>
      <tr className={problem ? classes.noted : undefined}>
        <th scope="row">
          <span className={classes.name}>
            <EmailAddress address={email} />
          </span>
          {name === null ? null : <span className={classes.sub}>{name}</span>}
          <span className={classes.narrow}>
            {tShell(invitation.role)} · {t(`states.${state}`)}
            {isOver ? '' : ` · ${tAll('until')} ${formatDate(new Date(invitation.expiresAt), locale)}`}
          </span>
        </th>
        <td data-wide>{tShell(invitation.role)}</td>
        <td data-wide>
          <span className={classes.state} data-tone={tone}>
            <Icon size={15} aria-hidden="true" />
            {t(`states.${state}`)}
          </span>
        </td>
        <td data-wide>
          <Moment at={invitation.createdAt} now={now} />
          {inviter === null ? null : <span className={classes.sub}>{inviter}</span>}
        </td>
        <td data-wide>{isOver ? <span className={classes.faint}>–</span> : day(invitation.expiresAt)}</td>
        <td data-wide>
          {invitation.memberExpiresAt === null ? (
            <span className={classes.faint}>{tAll('unlimited')}</span>
          ) : (
            day(invitation.memberExpiresAt)
          )}
        </td>
        <td className={classes.last}>
          {isOver ? null : (
            <span className={classes.rowButtons}>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={t('renewFor', { email })}
                loading={act.isBusy && !isRevoking}
                onClick={() => void renew()}
              >
                {t('renew')}
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                c="var(--bad)"
                aria-label={t('revokeFor', { email })}
                onClick={() => setRevoking(true)}
              >
                {t('revoke')}
              </Button>
            </span>
          )}
          {isRevoking ? (
            <ConfirmDialog
              title={t('revokeTitle')}
              text={t('revokeText', { email })}
              confirm={t('revoke')}
              isHarsh
              act={act}
              onConfirm={revoke}
              onClose={() => setRevoking(false)}
            />
          ) : null}
          {renewed ? (
            <LinkDialog
              title={t('madeTitle', { email })}
              text={t('renewedText')}
              link={renewed.link}
              onClose={() => setRenewed(null)}
            />
          ) : null}
        </td>
      </tr>
      {problem ? <RowProblem columns={COLUMNS} text={describeError(problem, locale)} onDismiss={act.clear} /> : null}
    </>
  );
}
