import { Checkbox } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { rememberShared } from '../../device/shared-choice.ts';

interface SharedChoiceProps {
  readonly isShared: boolean;
  readonly onChange: (isShared: boolean) => void;
}

/** Whether others work in this browser too; every way of signing in goes by it. */
export function SharedChoice({ isShared, onChange }: SharedChoiceProps) {
  const t = useTranslations('signIn');
  return (
    <Checkbox
      size="sm"
      label={t('shared')}
      description={t('sharedText')}
      checked={isShared}
      onChange={(event) => {
        onChange(event.currentTarget.checked);
        rememberShared(event.currentTarget.checked);
      }}
    />
  );
}
