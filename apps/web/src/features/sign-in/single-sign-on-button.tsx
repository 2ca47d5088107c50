import { Button, Checkbox } from '@mantine/core';
import type { ErrorCode } from '@meldesync/protocol';
import { IconBuilding } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { isSharedHere, rememberShared } from '../../device/shared-choice.ts';
import { CodeAlert } from '../../ui/code-alert.tsx';
import { beginSingleSignOn } from './begin-single-sign-on.ts';
import classes from './ways-in.module.css';

interface SingleSignOnButtonProps {
  /** What the provider is called here. */
  readonly name: string;
  /** Where it leads back to. */
  readonly target: string;
  /** There is no form beside it that would ask who else works here. */
  readonly isOnly: boolean;
}

/** Leads to the provider of single sign-on, or says why it cannot. */
export function SingleSignOnButton({ name, target, isOnly }: SingleSignOnButtonProps) {
  const t = useTranslations('signIn');
  const [problem, setProblem] = useState<ErrorCode | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const begin = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(null);
    setProblem(await beginSingleSignOn(target));
    setIsBusy(false);
  };
  return (
    <div className={classes.ways}>
      <CodeAlert code={problem} />
      {isOnly ? (
        <Checkbox
          size="sm"
          label={t('shared')}
          description={t('sharedText')}
          defaultChecked={isSharedHere()}
          onChange={(event) => rememberShared(event.currentTarget.checked)}
        />
      ) : null}
      <Button
        variant={isOnly ? 'filled' : 'default'}
        size="sm"
        fullWidth
        loading={isBusy}
        leftSection={<IconBuilding size={16} />}
        onClick={() => void begin()}
      >
        {t('singleSignOn', { name })}
      </Button>
    </div>
  );
}
