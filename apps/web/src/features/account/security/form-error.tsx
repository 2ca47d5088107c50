import { Alert } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';

/** Why a form was not taken, where that is about none of its fields. */
export function FormError({ sentence }: { readonly sentence: string | null }) {
  if (sentence === null) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertCircle size={18} />} role="alert">
      {sentence}
    </Alert>
  );
}
