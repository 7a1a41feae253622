/** Named in every event of these pages. */
export const SURFACE = 'discovery';
