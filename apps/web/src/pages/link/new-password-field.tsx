import { PasswordInput } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslations } from 'use-intl';

interface NewPasswordFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly value: string;
  readonly error: string | null;
  readonly isFirst?: boolean;
  readonly onChange: (password: string) => void;
}

/** Where somebody chooses a password. */
export function NewPasswordField({ ref, label, value, error, isFirst = false, onChange }: NewPasswordFieldProps) {
  const t = useTranslations('entry');
  return (
    <PasswordInput
      ref={ref}
      name="new-password"
      autoComplete="new-password"
      label={label}
      description={t('passwordText')}
      value={value}
      error={error}
      size="sm"
      required
      withAsterisk={false}
      autoFocus={isFirst}
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
