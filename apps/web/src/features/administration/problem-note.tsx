import { Alert } from '@mantine/core';
import { describeError, type ErrorCode } from '@meldesync/protocol';
import { IconAlertCircle } from '@tabler/icons-react';
import { useLocale } from 'use-intl';

/** Why something was refused, in a dialog or above a form; nothing while nothing was. */
export function ProblemNote({ problem }: { problem: ErrorCode | null }) {
  const locale = useLocale();
  if (!problem) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert" mb="sm">
      {describeError(problem, locale)}
    </Alert>
  );
}
