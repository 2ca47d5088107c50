/** Exit codes of every command; `README.md` documents them and scripts rely on them. */
export const EXIT = {
  ok: 0,
  failure: 1,
  /** An import went through, but rows of it were rejected. */
  partlyRejected: 2,
  /** Someone was first; nothing was overwritten (R2.1). */
  conflict: 3,
  /** Not signed in, or the role does not allow it. */
  denied: 4,
  /** The command line was wrong (EX_USAGE of sysexits.h). */
  usage: 64,
  /** Ended by Ctrl-C before the work was done (128 + SIGINT). */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
