import { createContext, useContext } from 'react';

/** Opens the overview of the keyboard. */
export const HelpContext = createContext<() => void>(() => undefined);

export function useHelp(): () => void {
  return useContext(HelpContext);
}
