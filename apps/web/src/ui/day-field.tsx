import { TextInput } from '@mantine/core';

interface DayFieldProps {
  readonly label: string;
  readonly description?: string;
  /** `yyyy-mm-dd`, empty for none. */
  readonly value: string;
  readonly error?: string | null;
  /** First and last day that can be chosen. */
  readonly min: string;
  readonly max?: string | undefined;
  readonly isRequired?: boolean;
  readonly 'data-autofocus'?: boolean;
  readonly onChange: (day: string) => void;
}

/** A calendar day, by the browser's own field. */
export function DayField({ error, isRequired, onChange, ...props }: DayFieldProps) {
  return (
    <TextInput
      type="date"
      error={error ?? null}
      required={isRequired ?? false}
      withAsterisk={false}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...props}
    />
  );
}
