import type { FocusEvent } from 'react';

/** Whether a field loses the focus only because its window does: it has it again when the window is back. */
export function isWindowBlur({ currentTarget }: Pick<FocusEvent, 'currentTarget'>): boolean {
  return currentTarget.ownerDocument.activeElement === currentTarget;
}
