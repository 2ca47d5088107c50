import { createContext, useContext } from 'react';
import type { NamedCase } from '../named-case.ts';

/** Says that an edit of a case was refused because a colleague has it. `typed`: what the person wrote, kept for copying. */
export type TellLockedEdit = (refused: NamedCase, typed: string | undefined) => void;

/** Given by what knows of locks, which the kernel of an edit does not. */
export const TellLockedEditContext = createContext<TellLockedEdit | null>(null);

export function useTellLockedEdit(): TellLockedEdit {
  const tell = useContext(TellLockedEditContext);
  if (!tell) throw new Error('useTellLockedEdit is used where nobody tells of locks');
  return tell;
}
