/** What a check ends with that could not look: it is neither well nor wrong. As automake's tests say that they were skipped. */
export const NOT_KNOWN = 77;
