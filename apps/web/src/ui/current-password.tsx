import type { PasswordInputProps } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslations } from 'use-intl';
import { SecretInput } from './secret-input.tsx';

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
    <SecretInput
      name="password"
      autoComplete="current-password"
      label={t('password')}
      toggleLabel={t('showPassword')}
      {...props}
    />
  );
}
