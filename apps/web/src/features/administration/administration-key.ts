/** The beginning of all keys: what is administered is asked for anew as a whole when somebody has administered. */
export const ADMINISTRATION = ['administration'] as const;
