import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import classes from './secret-input.module.css';

interface SecretInputProps
  extends Pick<PasswordInputProps, 'label' | 'name' | 'autoComplete' | 'value' | 'onChange' | 'error' | 'maxLength'> {
  /** The dialog around it begins here. */
  readonly 'data-autofocus'?: boolean | undefined;
  /** What the button that shows it in clear is called. */
  readonly toggleLabel: string;
  /** Stands below it and is read out with it. */
  readonly about?: ReactNode;
  readonly ref?: Ref<HTMLInputElement>;
}

/**
 * A field whose letters do not show. The library's own does not tell anybody but the eye that it is wrong, describes it by
 * nothing but its own description, and cuts off the sign of the focus.
 */
export function SecretInput({ error, toggleLabel, about, ref, ...input }: SecretInputProps) {
  return (
    <PasswordInput
      ref={ref ?? null}
      size="sm"
      required
      withAsterisk={false}
      classNames={{ input: classes.input ?? '' }}
      error={error}
      aria-invalid={Boolean(error)}
      description={about}
      descriptionProps={OF_BLOCKS}
      inputWrapperOrder={ORDER}
      visibilityToggleButtonProps={{ 'aria-label': toggleLabel, tabIndex: 0 }}
      {...input}
    />
  );
}

/** A paragraph takes no list. */
const OF_BLOCKS = { component: 'div' } as PasswordInputProps['descriptionProps'] & object;

const ORDER: NonNullable<PasswordInputProps['inputWrapperOrder']> = ['label', 'input', 'error', 'description'];
