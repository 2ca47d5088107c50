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
  readonly onChange: (day: string) => void;
}

/** A calendar day, by the browser's own field. */
export function DayField({ label, description, value, error, min, max, isRequired, onChange }: DayFieldProps) {
  return (
    <TextInput
      type="date"
      label={label}
      description={description}
      value={value}
      error={error ?? null}
      min={min}
      max={max}
      required={isRequired ?? false}
      withAsterisk={false}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
