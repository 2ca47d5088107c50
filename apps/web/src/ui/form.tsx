import { type ReactNode, useEffect, useRef, useState } from 'react';
import { hasNoFocus } from './last-focus.ts';

interface FormProps {
  readonly className?: string | undefined;
  /** Sends it, or says at its fields what is wrong with them. */
  readonly onSubmit: () => Promise<void> | void;
  /** Called with the name of a field that somebody writes into: what was wrong with it may be so no more. */
  readonly onChangeOf?: (field: string) => void;
  /** The page is there for it: whoever opens it may begin to type. */
  readonly isMain?: boolean;
  readonly children: ReactNode;
}

/** A form that says itself what is wrong with it, in place of the browser; keys then go on in the first field that is. */
export function Form({ className, onSubmit, onChangeOf, isMain = false, children }: FormProps) {
  const ref = useRef<HTMLFormElement>(null);
  const [sent, setSent] = useState(0);
  useEffect(() => {
    if (isMain && hasNoFocus()) firstToFill(ref.current)?.focus({ preventScroll: true });
  }, [isMain]);
  useEffect(() => {
    if (sent === 0 || document.activeElement?.matches(WRONG)) return;
    ref.current?.querySelector<HTMLElement>(WRONG)?.focus();
  }, [sent]);
  const submit = async (): Promise<void> => {
    await onSubmit();
    setSent((before) => before + 1);
  };
  return (
    <form
      ref={ref}
      className={className}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
      onInput={({ target }) => {
        if (target instanceof HTMLInputElement) onChangeOf?.(target.name);
      }}
    >
      {children}
    </form>
  );
}

const WRONG = '[aria-invalid="true"]';

function firstToFill(form: HTMLFormElement | null): HTMLInputElement | undefined {
  const inputs = [
    ...(form?.querySelectorAll<HTMLInputElement>('input:not([readonly], [type="hidden"], :disabled)') ?? []),
  ];
  return inputs.find(({ value }) => value === '') ?? inputs[0];
}
