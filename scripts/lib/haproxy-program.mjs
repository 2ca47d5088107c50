import { ensureProgram } from './ensure-program.mjs';

/**
 * HAProxy, 2.6 or newer: what is there, else Debian's package, whose service stays off.
 * @returns {Promise<string>} the program's absolute path
 */
export const ensureHaproxy = () => ensureProgram('haproxy', 'haproxy', ['haproxy']);
