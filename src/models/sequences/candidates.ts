/** Every model that a recipe fits, in the order of its table. */
import type { Candidate } from './fit.ts';
import { lastItemNeighbours, recentNeighbours } from './neighbours.ts';
import { journeyCandidate, sasrecCandidate } from './neural.ts';
import { fadingPopularity, popularity, recentPopularity } from './popularity.ts';

export const CANDIDATES: readonly Candidate[] = [popularity, recentPopularity, fadingPopularity, lastItemNeighbours, recentNeighbours, sasrecCandidate, journeyCandidate];

/** What is compared with every other, member by member; the last of the table where it is not fitted. */
export const OURS = 'journey';
