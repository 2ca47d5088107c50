import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslations } from 'use-intl';

interface CurrentPasswordProps extends Pick<PasswordInputProps, 'value' | 'onChange' | 'error'> {
  readonly label?: string;
  /** The dialog around it begins here. */
  readonly 'data-autofocus'?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** The password that somebody has, which their browser may know. */
export function CurrentPassword(props: CurrentPasswordProps) {
  const t = useTranslations('signIn');
  return (
    <PasswordInput
      name="password"
      autoComplete="current-password"
      label={t('password')}
      size="sm"
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
      {...props}
    />
  );
}
