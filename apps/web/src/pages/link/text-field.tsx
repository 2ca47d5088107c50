import { TextInput, type TextInputProps } from '@mantine/core';
import { useTranslations } from 'use-intl';

interface TextFieldProps extends Pick<TextInputProps, 'name' | 'type' | 'autoComplete' | 'label' | 'description'> {
  readonly value: string;
  readonly error: string | null;
  readonly onChange: (value: string) => void;
}

/** A line of text that a form needs. */
export function TextField({ onChange, ...props }: TextFieldProps) {
  return (
    <TextInput
      size="sm"
      required
      withAsterisk={false}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...props}
    />
  );
}

/** A person's own name. */
export function NameField(props: Pick<TextFieldProps, 'value' | 'error' | 'onChange'>) {
  const t = useTranslations('entry');
  return <TextField name="name" autoComplete="name" label={t('name')} description={t('nameText')} {...props} />;
}
