/**
 * Histories are lists of triples, in order of time: [item, deed, seconds since the epoch]. A deed packs what was done (8 bits: row of
 * the action registry), where (8 bits: row of the surfaces) and how long the member looked (8 bits: dwell bucket). In lists of public
 * deeds the middle number is the action alone.
 */
export const HISTORY_STRIDE = 3;
/** Events kept per member, at least. */
export const HISTORY_EVENTS = 256;

/** Upper edges of the dwell buckets 1, 2, … in seconds; what lies beyond the last is in a bucket of its own. Bucket 0: not known. */
export const DWELL_EDGES: readonly number[] = [1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300];
export const DWELL_BUCKETS: number = DWELL_EDGES.length + 2;

export const dwellBucket = (visibleMs: number): number => {
  const over = DWELL_EDGES.findIndex((edge) => visibleMs < edge * 1000);
  return 1 + (over < 0 ? DWELL_EDGES.length : over);
};

export const packDeed = (action: number, surface: number, dwell: number): number => action | (surface << 8) | (dwell << 16);
export const actionOf = (deed: number): number => deed & 0xff;
export const surfaceOf = (deed: number): number => (deed >> 8) & 0xff;
export const dwellOf = (deed: number): number => (deed >> 16) & 0xff;
