/** Histories are lists of triples [item, action, seconds since the epoch], newest last. */
export const HISTORY_STRIDE = 3;
/** Events kept per member. */
export const HISTORY_EVENTS = 256;
