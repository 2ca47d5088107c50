import { type AdministeredMember, describeError, role } from '@meldesync/protocol';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { formatDate, formatExact } from '../../../i18n/format.ts';
import { SEARCH_FIELD_ID } from '../../../ui/landmarks.ts';
import { useFocusHeir } from '../../../ui/use-focus-heir.ts';
import { memberState } from '../member-state.ts';
import { Moment } from '../moment.tsx';
import { RoleSelect } from '../role-select.tsx';
import { RowProblem } from '../row-problem.tsx';
import { StateMark } from '../state-mark.tsx';
import classes from '../table.module.css';
import { MemberIdentity, MemberMenu } from './member-cells.tsx';
import { MemberDialog, type MemberQuestion } from './member-dialog.tsx';
import { useMemberAct } from './use-member-act.ts';

const COLUMNS = { wide: 6, narrow: 3 };

interface MemberRowProps {
  readonly workspace: string;
  readonly member: AdministeredMember;
  readonly isOwn: boolean;
  readonly now: number;
}

/** One member: what they may do and until when, with all that can be done about it. Long for its markup. */
export function MemberRow({ workspace, member, isOwn, now }: MemberRowProps) {
  const t = useTranslations('administration');
  const tShell = useTranslations('shell.roles');
  const locale = useLocale();
  const [question, setQuestion] = useState<MemberQuestion | null>(null);
  const doing = useMemberAct(workspace, member);
  const heir = useFocusHeir(() => document.getElementById(SEARCH_FIELD_ID), question !== null);
  const { act, wanted, change, clear } = doing;
  const { name } = member;
  const state = memberState(member, now);
  // A dialog says itself why something was refused.
  const problem = question === null ? act.problem : null;
  return (
    <>
      <tr className={problem ? classes.noted : undefined} {...heir}>
        <MemberIdentity member={member} state={state} isOwn={isOwn} />
        <td>
          <RoleSelect
            label={t('roleOf', { name })}
            roles={role.options}
            value={act.isBusy ? (wanted?.role ?? member.role) : member.role}
            isDisabled={act.isBusy}
            onChange={(chosen) =>
              void change({ role: chosen }, t('members.roleChanged', { name, role: tShell(chosen) }))
            }
          />
        </td>
        <td data-wide>
          {member.expiresAt === null ? (
            <span className={classes.faint}>{t('unlimited')}</span>
          ) : (
            <span title={formatExact(member.expiresAt, locale)}>{formatDate(new Date(member.expiresAt), locale)}</span>
          )}
        </td>
        <td data-wide>
          <StateMark state={state} />
        </td>
        <td data-wide>
          <Moment at={member.lastSeenAt} now={now} />
        </td>
        <td className={classes.last}>
          <MemberMenu member={member} onAsk={setQuestion} onChange={change} />
          {question ? (
            <MemberDialog
              question={question}
              member={member}
              isOwn={isOwn}
              act={doing}
              now={now}
              onClose={() => {
                setQuestion(null);
                clear();
              }}
            />
          ) : null}
        </td>
      </tr>
      {problem === 'changed-meanwhile' && wanted ? (
        <RowProblem
          columns={COLUMNS}
          text={t('members.changedText', {
            now: doing.wordsOf({
              role: member.role,
              expiresAt: member.expiresAt,
              isSuspended: member.suspendedAt !== null,
            }),
            wanted: doing.wordsOf(wanted),
          })}
          redo={{
            label: t('members.apply'),
            run: () => void change(wanted, t('members.changed', { name })),
          }}
          dismissLabel={t('members.leave')}
          onDismiss={clear}
        />
      ) : problem ? (
        <RowProblem columns={COLUMNS} text={describeError(problem, locale)} onDismiss={clear} />
      ) : null}
    </>
  );
}
