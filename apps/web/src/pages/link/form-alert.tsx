import { Alert } from '@mantine/core';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { IconAlertCircle } from '@tabler/icons-react';
import { useLocale } from 'use-intl';

/** Why a form was refused, where that is not said at a field. */
export function FormAlert({ code }: { code: ErrorCode | null }) {
  const locale = useLocale();
  if (!code) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
      {describeError(code, locale)}
    </Alert>
  );
}
