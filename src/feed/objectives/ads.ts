/** Sponsored candidates that are set apart from the organic order, by candidate number. */
export interface Ads { size: number; readonly candidate: Int32Array }

/** Campaigns that are scored for a request. */
export const SCORED = 48;

export const createAds = (): Ads => ({ size: 0, candidate: new Int32Array(SCORED) });
