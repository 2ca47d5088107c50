import { judgePassword, type PasswordOwner } from '@meldesync/domain';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { IconCheck, IconCircle, IconX } from '@tabler/icons-react';
import type { ReactNode, Ref } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { SecretInput } from '../../ui/secret-input.tsx';
import { type PasswordJudgement, usePasswordJudgement } from './password/use-password-judgement.ts';
import classes from './password-field.module.css';

interface PasswordFieldProps {
  readonly label?: string;
  /** Whose password it will be: it must not be their name or address. */
  readonly owner: PasswordOwner;
  readonly value: string;
  readonly onChange: (password: string) => void;
  /** Why the service, or the form, did not take it; null when it did. */
  readonly problem?: ErrorCode | null;
  /** What a form says of it in words of its own. */
  readonly error?: string | null;
  readonly ref?: Ref<HTMLInputElement>;
}

/** A new password: the rules in words, which of them hold while it is typed, and how hard it is to guess. */
export function PasswordField({
  label,
  owner,
  value,
  onChange,
  problem = null,
  error = null,
  ref,
}: PasswordFieldProps) {
  const t = useTranslations('password');
  const locale = useLocale();
  const judgement = usePasswordJudgement(value, owner);
  // What is wrong with it is said again only while it is.
  const isStillWrong =
    problem !== null && (value === '' || judgement.problem !== undefined || judgement.score === null);
  return (
    <SecretInput
      ref={ref ?? null}
      name="new-password"
      autoComplete="new-password"
      label={label ?? t('new')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error ?? (isStillWrong ? describeError(problem, locale) : null)}
      maxLength={512}
      toggleLabel={t('show')}
      about={
        <div className={classes.about}>
          <Strength value={value} judgement={judgement} />
          <Rules value={value} owner={owner} judgement={judgement} />
        </div>
      }
    />
  );
}

const STEPS = [0, 1, 2, 3, 4] as const;

function Strength({ value, judgement: { score, problem } }: { value: string; judgement: PasswordJudgement }) {
  const t = useTranslations('password');
  // One that may not be had is not strong, whatever its letters.
  const shown =
    value === '' || score === null ? null : problem && problem !== 'password-too-common' ? Math.min(score, 1) : score;
  const step = STEPS.find((known) => known === shown);
  return (
    <div className={classes.strength}>
      <div className={classes.bars} data-score={shown ?? 'none'} aria-hidden="true">
        {STEPS.slice(1).map((bar) => (
          <span key={bar} data-on={shown !== null && shown >= bar} />
        ))}
      </div>
      <span role="status" className={classes.word}>
        {value === '' ? t('strengthNone') : step === undefined ? t('strengthLooking') : t(`strength.s${step}`)}
      </span>
    </div>
  );
}

function Rules({ value, owner, judgement }: { value: string; owner: PasswordOwner; judgement: PasswordJudgement }) {
  const t = useTranslations('password');
  const atOnce = value === '' ? undefined : judgePassword(value, owner);
  const isLong = value !== '' && atOnce !== 'password-too-short' && atOnce !== 'password-too-long';
  const isOwn = atOnce === 'password-is-address';
  const isCommon = judgement.problem === 'password-too-common';
  return (
    <ul className={classes.rules}>
      <Rule state={value === '' ? 'open' : isLong ? 'held' : 'broken'}>{t('ruleLength')}</Rule>
      <Rule state={value === '' ? 'open' : isOwn ? 'broken' : isLong ? 'held' : 'open'}>{t('ruleOwn')}</Rule>
      <Rule state={value === '' || judgement.score === null ? 'open' : isCommon ? 'broken' : isLong ? 'held' : 'open'}>
        {t('ruleCommon')}
      </Rule>
    </ul>
  );
}

type RuleState = 'open' | 'held' | 'broken';

const ICONS = { open: IconCircle, held: IconCheck, broken: IconX } as const;

function Rule({ state, children }: { state: RuleState; children: ReactNode }) {
  const t = useTranslations('password');
  const Icon = ICONS[state];
  return (
    <li className={classes.rule} data-state={state}>
      <Icon size={13} stroke={2.2} role="img" aria-label={t(`ruleState.${state}`)} />
      {children}
    </li>
  );
}
