/** What is known of a pair before it is a tie, as the learned score reads it. One row a feature: its name, and which way it may count. */

/** +1: more of it never counts against the pair; −1: never for it; 0: as learned. */
export type Direction = -1 | 0 | 1;
export interface Feature { readonly name: string; readonly direction: Direction }

const more = (...names: readonly string[]): Feature[] => names.map((name) => ({ name, direction: 1 }));
const less = (...names: readonly string[]): Feature[] => names.map((name) => ({ name, direction: -1 }));
const either = (...names: readonly string[]): Feature[] => names.map((name) => ({ name, direction: 0 }));

/** Known of every graph. `own` is the member whose list it is, `other` the candidate. */
export const OF_EVERY_GRAPH: readonly Feature[] = [
  ...more('common neighbours', 'Adamic-Adar', 'resource allocation', 'closing neighbours', 'Jaccard', 'common by lower degree', 'common by higher degree', 'two steps back'),
  ...more('three steps', 'three steps back', 'three steps, both degrees', 'four steps', 'PageRank', 'PageRank back', 'PageRank both ways'),
  ...more('embedding: expected ties', 'embedding: product', 'embedding: cosine', 'local walk'),
  ...either('own degree', 'other degree', 'degrees multiplied', 'own clustering', 'other clustering', 'own neighbours\' degree', 'other neighbours\' degree'),
  ...more('resource allocation by best', 'local walk by best', 'PageRank by best', 'expected ties by best'),
  ...less('place by resource allocation', 'place by local walk', 'place by expected ties'),
];
/** Known where ties were seen at times, or more than once. */
export const OF_TIES: readonly Feature[] = more('nearness', 'strongest chain', 'nearness by best', 'own strength', 'other strength');
/** Known where ties were seen at times. */
export const OF_TIMES: readonly Feature[] = either('own last seen', 'other last seen', 'own newest', 'other newest', 'own oldest', 'other oldest', 'own fresh 1 %', 'other fresh 1 %', 'own fresh 5 %', 'other fresh 5 %', 'own fresh 20 %', 'other fresh 20 %', 'own active', 'other active');
/** Known where lines have a direction. */
export const OF_DIRECTIONS: readonly Feature[] = either('own share begun', 'other share begun');
