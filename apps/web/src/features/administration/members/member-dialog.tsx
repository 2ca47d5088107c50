import { Button } from '@mantine/core';
import type { AdministeredMember } from '@meldesync/protocol';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { serverNow } from '../../../time/page-time.ts';
import { DayField } from '../../../ui/day-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Form } from '../../../ui/form.tsx';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { chosenExpiry, dayOf, dayOfIso } from '../expiry.ts';
import classes from '../form.module.css';
import { ProblemNote } from '../problem-note.tsx';
import type { MemberAct } from './use-member-act.ts';

/** What is asked about a member before it is done. */
export type MemberQuestion = 'expiry' | 'suspend' | 'remove';

interface MemberDialogProps {
  readonly question: MemberQuestion;
  readonly member: AdministeredMember;
  readonly isOwn: boolean;
  readonly act: MemberAct;
  readonly now: number;
  readonly onClose: () => void;
}

/** Asks what is to be known, or whether it is meant, and does it. */
export function MemberDialog(props: MemberDialogProps) {
  const t = useTranslations('administration.members');
  const { question, member, isOwn, act, onClose } = props;
  const { name } = member;
  if (question === 'expiry') return <ExpiryDialog {...props} />;
  if (question === 'suspend')
    return (
      <ConfirmDialog
        title={t('suspendTitle', { name })}
        text={t('suspendText', { name })}
        confirm={t('suspend')}
        isHarsh
        act={act.act}
        onConfirm={async () => {
          if (await act.change({ isSuspended: true }, t('suspended', { name }))) onClose();
        }}
        onClose={onClose}
      />
    );
  return (
    <ConfirmDialog
      title={t('removeTitle', { name })}
      text={isOwn ? t('removeOwnText') : t('removeText', { name })}
      confirm={t('remove')}
      isHarsh
      act={act.act}
      onConfirm={async () => {
        if (await act.remove()) onClose();
      }}
      onClose={onClose}
    />
  );
}

function ExpiryDialog({ member, act, now, onClose }: MemberDialogProps) {
  const t = useTranslations('administration');
  const [day, setDay] = useState(() => dayOfIso(member.expiresAt));
  const [isInvalid, setInvalid] = useState(false);
  const { name } = member;
  const submit = async (): Promise<void> => {
    const chosen = chosenExpiry(day, serverNow());
    setInvalid(chosen.kind === 'invalid');
    if (chosen.kind === 'invalid') return;
    const expiresAt = chosen.kind === 'until' ? chosen.at : null;
    if (await act.change({ expiresAt }, t('members.expiryChanged', { name }))) onClose();
  };
  return (
    <Dialog title={t('members.expiryTitle', { name })} width={420} onClose={onClose}>
      <ProblemNote problem={act.act.problem} />
      <Form className={classes.form} onSubmit={submit} onChangeOf={() => setInvalid(false)}>
        <DayField
          label={t('expiry.label')}
          description={t('expiry.text')}
          value={day}
          min={dayOf(now)}
          error={isInvalid ? t('expiry.past') : null}
          onChange={setDay}
          data-autofocus
        />
        <div className={classes.buttons}>
          <Button variant="default" className={classes.first ?? ''} disabled={day === ''} onClick={() => setDay('')}>
            {t('expiry.clear')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={act.act.isBusy}>
            {t('save')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
