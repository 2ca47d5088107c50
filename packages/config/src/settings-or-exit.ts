import { WrongSettings } from './wrong-settings.ts';

/** EX_CONFIG of sysexits: the exit status of a program whose settings are wrong. */
export const WRONG_CONFIG = 78;

/** What `read` makes of the environment. Where a setting is missing or wrong, the program says so, a line each, and ends. */
export function settingsOrExit<T>(read: (environment: Readonly<Record<string, string | undefined>>) => T): T {
  try {
    return read(process.env);
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error;
    console.error(error.message);
    process.exit(WRONG_CONFIG);
  }
}
