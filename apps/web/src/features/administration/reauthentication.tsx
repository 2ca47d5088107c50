import { createContext, useContext } from 'react';

/** Does something that the service may want the person to sign in for once more. */
export type WithReauthentication = <T>(call: () => Promise<T>) => Promise<T>;

export const Reauthentication = createContext<WithReauthentication>((call) => call());

export function useReauthentication(): WithReauthentication {
  return useContext(Reauthentication);
}
