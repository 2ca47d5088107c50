import { Button, Loader } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { errorCodeOf } from '../../api/api.ts';
import { deviceSignIn } from '../../api/device-sign-in.ts';
import { CodeAlert } from '../../ui/code-alert.tsx';
import classes from './device-page.module.css';
import { readTerminalName } from './terminal-name.ts';

interface DecisionProps {
  readonly code: string;
  readonly onDecided: (how: 'allowed' | 'denied') => void;
  readonly onEnterAnother: () => void;
}

/** Shows which terminal asks, and lets its person allow or deny it. */
export function Decision({ code, onDecided, onEnterAnother }: DecisionProps) {
  const t = useTranslations('device');
  const asking = useQuery({
    queryKey: ['device-sign-in', code],
    queryFn: ({ signal }) => deviceSignIn().look(code, { signal }),
    retry: false,
    gcTime: 0,
  });
  const decision = useMutation({
    mutationFn: async (how: 'allowed' | 'denied') => {
      await (how === 'allowed' ? deviceSignIn().allow(code) : deviceSignIn().deny(code));
      return how;
    },
    onSuccess: onDecided,
  });
  const failure = asking.error ?? decision.error;
  if (failure) {
    return (
      <div className={classes.form}>
        <CodeAlert code={errorCodeOf(failure)} />
        <Button variant="default" size="sm" ref={focusAtFirst} onClick={onEnterAnother}>
          {t('enterAnother')}
        </Button>
      </div>
    );
  }
  if (!asking.data) return <Loader size="sm" aria-label={t('looking')} />;
  const { userAgent, address } = asking.data;
  const terminal = readTerminalName(userAgent);
  return (
    <div className={classes.form}>
      <dl className={classes.facts}>
        <dt>{t('code')}</dt>
        <dd className={classes.code}>{shown(code)}</dd>
        <dt>{t('terminal')}</dt>
        <dd>{terminal ? t('terminalOf', { ...terminal }) : (userAgent ?? t('unknown'))}</dd>
        <dt>{t('address')}</dt>
        <dd>{address ?? t('unknown')}</dd>
      </dl>
      <p className={classes.warning}>{t('warning')}</p>
      <div className={classes.buttons}>
        <Button
          size="sm"
          loading={decision.isPending && decision.variables === 'allowed'}
          disabled={decision.isPending}
          onClick={() => decision.mutate('allowed')}
        >
          {t('allow')}
        </Button>
        <Button
          size="sm"
          variant="default"
          disabled={decision.isPending}
          ref={focusAtFirst}
          onClick={() => decision.mutate('denied')}
        >
          {t('deny')}
        </Button>
      </div>
    </div>
  );
}

/** What had the focus is gone; this is the safe way on. */
function focusAtFirst(element: HTMLElement | null): void {
  element?.focus();
}

/** As the terminal shows it. */
function shown(code: string): string {
  return code
    .replace(/[^a-z]/gi, '')
    .toUpperCase()
    .replace(/^(.{4})(.{4})$/, '$1-$2');
}
