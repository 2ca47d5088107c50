import { SETTINGS } from '../../packages/config/src/catalogue.mjs';

/** @typedef {import('../../packages/config/src/catalogue.mjs').Setting} Setting */
/** @typedef {import('../../packages/config/src/catalogue.mjs').Program} Program */

/**
 * An environment without the secrets that a program does not read, as values and as files: whoever takes over what opens files of strangers
 * finds nothing there that lets people in.
 * @param {NodeJS.ProcessEnv} environment
 * @param {Program | undefined} program undefined for one that reads none
 * @returns {NodeJS.ProcessEnv}
 */
export function withOwnSecrets(environment, program) {
  const foreign = Object.entries(SETTINGS).flatMap(([name, /** @type {Setting} */ setting]) =>
    /** @type {Setting} */ (setting).isSecret && !(program && /** @type {Setting} */ (setting).uses[program])
      ? [name, `${name}_FILE`]
      : [],
  );
  const names = new Set(foreign);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.has(name)));
}
