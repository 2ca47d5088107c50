import { Alert } from '@mantine/core';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { IconAlertCircle } from '@tabler/icons-react';
import { useLocale } from 'use-intl';

/** Says with what somebody came back from single sign-on without being signed in. */
export function SignInError({ code }: { readonly code: ErrorCode | undefined }) {
  const locale = useLocale();
  if (code === undefined) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
      {describeError(code, locale === 'de' ? 'de' : 'en')}
    </Alert>
  );
}
