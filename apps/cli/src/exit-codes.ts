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
  /** Someone else is editing the case; nothing was changed (R1.4). */
  locked: 5,
  /** A lock that was held is gone, though it was not given back. */
  lockLost: 6,
  /** The command line was wrong (EX_USAGE of sysexits.h). */
  usage: 64,
  /** `lock -- COMMAND`: the command cannot be run, or there is none of that name; the codes of a shell. */
  commandNotRunnable: 126,
  commandNotFound: 127,
  /** Ended by Ctrl-C before the work was done (128 + SIGINT). */
  interrupted: 130,
  /** Ended because its reader went away (128 + SIGPIPE), as a shell says it of `yes | head`. */
  readerGone: 141,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
