/** What the second pass knows of a cohort before it is shown: one row for each, by the one definition that learning reads too. */
import { kindNumber } from '../catalog/catalog.ts';
import { hash32 } from '../core/random.ts';
import { seenRowOf } from '../rankers/eligible.ts';
import type { Cohort } from './cohort.ts';
import type { Candidates, DiscoveryWork } from './work.ts';

/** Cards looked at to say how good a cohort is: those that stand on the page. */
const LOOKED_AT = 8;
/** Looks and likings that everybody is given beforehand, so that the first one decides nothing. */
const PRIOR = { shown: 20, liked: 2 } as const;

interface Input { readonly work: DiscoveryWork; readonly cohort: Cohort; readonly number: number }

const first = ({ work: { from, to }, number }: Input): { readonly start: number; readonly end: number } => {
  const start = from[number] ?? 0;
  return { start, end: Math.min(to[number] ?? 0, start + LOOKED_AT) };
};
const meanOf = (input: Input, of: (candidates: Candidates, c: number) => number): number => {
  const { start, end } = first(input);
  let sum = 0;
  for (let c = start; c < end; c++) sum += of(input.work.candidates, c);
  return end === start ? 0 : sum / (end - start);
};

/** A row each. Of a signal family that the viewer withholds nothing is known, and it is 0. */
const ROWS = {
  logCandidates: ({ work: { from, to }, number }) => Math.log2(1 + (to[number] ?? 0) - (from[number] ?? 0)),
  logBest: (input) => { const { start, end } = first(input); return end === start ? 0 : Math.log2(1 + (input.work.candidates.score[start] ?? 0)); },
  logMean: (input) => Math.log2(1 + meanOf(input, ({ score }, c) => score[c] ?? 0)),
  /** Share of cards that somebody of the viewer's network is behind. */
  named: (input) => meanOf(input, ({ actorCount }, c) => ((actorCount[c] ?? 0) > 0 ? 1 : 0)),
  /** How often they were shown to the viewer before. */
  logShown: (input) => {
    const { work, work: { context: { allowed }, views: { journey } } } = input;
    return !allowed.activity ? 0 : Math.log2(1 + meanOf(input, ({ item }, c) => { const row = seenRowOf(work, item[c] ?? 0); return row < 0 ? 0 : (journey.seen.columns.impressions[row] ?? 0); }));
  },
  /** Share of the viewer's recent touches that are of this kind. */
  kindShare: ({ work: { viewer }, cohort }) => viewer.kinds[kindNumber(cohort.kind)] ?? 0,
  /** How often the viewer liked what they were shown of this kind, against all kinds. */
  kindLiked: ({ work: { viewer }, cohort }) => {
    const kind = kindNumber(cohort.kind);
    const all = (viewer.anyLiked + PRIOR.liked) / (viewer.anyShown + PRIOR.shown);
    return Math.log2(((viewer.likedKinds[kind] ?? 0) + all * PRIOR.shown) / ((viewer.shownKinds[kind] ?? 0) + PRIOR.shown) / all);
  },
  logWaved: ({ work: { viewer }, cohort }) => Math.log2(1 + (viewer.waved[kindNumber(cohort.kind)] ?? 0)),
  /** Whom the viewer has already: who knows few wants people. */
  logTies: ({ work: { viewer } }) => Math.log2(1 + viewer.ties.count),
  peopleWithFewTies: ({ work: { viewer }, cohort }) => (cohort.card.action === 'connect' ? 1 / (1 + Math.log2(1 + viewer.ties.count)) : 0),
  logTouches: ({ work: { viewer } }) => Math.log2(1 + viewer.touches),
} as const satisfies Record<string, (input: Input) => number>;

export const COHORT_FEATURE_NAMES: readonly string[] = Object.keys(ROWS);
export const COHORT_FEATURES: number = COHORT_FEATURE_NAMES.length;
/** Says which definition a row was made by. */
export const COHORT_FEATURE_SET: number = hash32(`discovery ${COHORT_FEATURE_NAMES.join(' ')}`);

const rows: readonly ((input: Input) => number)[] = Object.values(ROWS);

/** Fills the rows of all cohorts that have candidates. */
export const computeCohortFeatures = (work: DiscoveryWork): void => {
  work.cohorts.forEach((cohort, number) => {
    if (work.from[number] === work.to[number]) return;
    const input = { work, cohort, number };
    rows.forEach((of, column) => { work.features[number * COHORT_FEATURES + column] = of(input); });
  });
};
