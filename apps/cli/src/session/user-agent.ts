import { hostname } from 'node:os';
import { VERSION } from '../version.ts';

const SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Mac OS X', linux: 'Linux', win32: 'Windows' };

/** What this terminal calls itself, so that its person recognises the session: version, system and the machine's name. */
export const USER_AGENT = `meldesync/${VERSION} (${SYSTEMS[process.platform] ?? process.platform}; ${nameOfMachine()})`;

/** As much of it as a header may hold. */
function nameOfMachine(): string {
  return (
    hostname()
      .replace(/[^\w.-]+/g, '')
      .slice(0, 60) || '-'
  );
}
