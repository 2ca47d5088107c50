/** A timer that fires this much too late may have kept an answer waiting that has arrived … */
export const BUSY_MS = 250;
/** … and that gets this long to be heard. */
export const CATCH_UP_MS = 1_000;
