import { PasswordInput } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslations } from 'use-intl';

interface NewPasswordFieldProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (password: string) => void;
}

/** Where somebody chooses a password. */
export function NewPasswordField({ ref, label, value, error, onChange }: NewPasswordFieldProps) {
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
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
