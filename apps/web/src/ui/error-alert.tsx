import { Alert } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';

/** What went wrong, where that is about no field of a form. */
export function ErrorAlert({ sentence }: { readonly sentence: string | null }) {
  if (sentence === null) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
      {sentence}
    </Alert>
  );
}
