/** What each first-pass ranker and each family of features is worth: pages for the same members at the same moments without it, held against the truth. */
import { ThroughlineError } from '../core/errors.ts';
import { clusterBootstrap, type Interval } from '../models/metrics.ts';
import type { Random } from '../core/random.ts';
import type { ExampleBuffer } from '../models/example-buffer.ts';
import { columnsOf, FEATURE_FAMILIES } from '../models/feature-families.ts';
import { FEATURES } from '../models/features.ts';
import { linesOfImpressions } from '../models/learn-impressions.ts';
import { POOL } from '../rankers/pool/index.ts';
import { engagementOf, orderOf, type Policy, type Pool } from './world-policies.ts';

export type Part = 'ranker' | 'features';
/** A way to rank without something; `of` says what there is to rank where that is less. */
interface Ablated extends Policy { readonly part: Part | undefined; readonly of: (pool: Pool) => Pool }

/** By request: pages with everything, without each part, and of each ranker how many cards of the page with everything it alone had found. */
export interface Ablation {
  readonly whole: readonly number[];
  readonly without: readonly { readonly part: Part; readonly name: string; readonly engagement: readonly number[]; readonly alone: readonly number[] }[];
}

const found = columnsOf(POOL.map(({ name }) => `from:${name}`));

/** By card: whether this ranker found it and no other did. */
const foundAlone = ({ cards, features }: Pool, ranker: number): Uint8Array => Uint8Array.from(cards, (_, c) => {
  const by = (place: number): boolean => (features[c * FEATURES + (found[place] ?? 0)] ?? 0) > 0;
  return by(ranker) && !found.some((_column, other) => other !== ranker && by(other)) ? 1 : 0;
});

const withoutRanker = (ranker: number) => (pool: Pool): Pool => {
  const gone = foundAlone(pool, ranker);
  const kept = Array.from(pool.cards.keys()).filter((c) => gone[c] !== 1);
  const features = new Float32Array(kept.length * FEATURES);
  kept.forEach((c, to) => { features.set(pool.features.subarray(c * FEATURES, (c + 1) * FEATURES), to * FEATURES); });
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, (c) => column[c] ?? 0);
  return { cards: pool.cards.filter((_, c) => gone[c] !== 1), features, worth: pick(pool.worth), annoyance: pick(pool.annoyance) };
};

const sameFor = (pool: Pool): Pool => pool;

/**
 * One linear model of any positive action for each part left out, learned from one log; the log itself was written with everything. Without a
 * ranker there are no cards that it alone found, and nothing says what it found.
 * @param never columns that none of them reads, such as those of a journey model that does not serve
 */
const ablatedFrom = (impressions: ExampleBuffer, never: readonly number[]): readonly Ablated[] => {
  const line = linesOfImpressions(impressions);
  const ablated = (name: string, of: { readonly part: Part | undefined; readonly without: readonly number[]; readonly pool: Ablated['of'] }): Ablated => {
    const score = line([...never, ...of.without]);
    return { name, part: of.part, of: of.pool, scores: ({ cards, features }) => Float64Array.from(cards, (_, c) => score(features, c)) };
  };
  // What none of them reads is not missed by any.
  const isRead = (names: readonly string[]): boolean => columnsOf(names).some((column) => !never.includes(column));
  const rankers = POOL.map(({ name }, ranker) => ({ name, ranker, columns: [`score:${name}`, `from:${name}`] }));
  return [
    ablated('everything', { part: undefined, without: [], pool: sameFor }),
    ...rankers.filter(({ columns }) => isRead(columns)).map(({ name, ranker, columns }) => ablated(name, { part: 'ranker', without: columnsOf(columns), pool: withoutRanker(ranker) })),
    ...Object.entries(FEATURE_FAMILIES).filter(([, names]) => isRead(names)).map(([name, names]) => ablated(name, { part: 'features', without: columnsOf(names), pool: sameFor })),
  ];
};

export interface Ablating { judge(pool: Pool): void; readonly result: Ablation }

/** @param page places of a page, and how each is looked at */
export const ablating = (impressions: ExampleBuffer, never: readonly number[], page: Parameters<typeof engagementOf>[2]): Ablating => {
  const [whole, ...others] = ablatedFrom(impressions, never);
  if (whole === undefined) throw new ThroughlineError('server/internal', 'nothing is left to leave something out of');
  const result = { whole: [] as number[], without: others.flatMap(({ part, name }) => (part === undefined ? [] : [{ part, name, engagement: [] as number[], alone: [] as number[] }])) };
  return {
    result,
    judge: (pool) => {
      const order = orderOf(pool, whole.scores(pool));
      result.whole.push(engagementOf(pool, order, page));
      others.forEach(({ of, scores, part, name }, place) => {
        const left = of(pool);
        const own = result.without[place];
        own?.engagement.push(engagementOf(left, orderOf(left, scores(left)), page));
        const alone = part === 'ranker' ? foundAlone(pool, POOL.findIndex((ranker) => ranker.name === name)) : new Uint8Array();
        own?.alone.push(order.subarray(0, page.places).reduce((sum, c) => sum + (alone[c] ?? 0), 0));
      });
    },
  };
};

export interface AblationRow {
  readonly part: Part;
  readonly name: string;
  /** Cards acted on per page without it, less those with everything, request by request. */
  readonly difference: Interval;
  /** Cards of a page that this ranker alone had found; 0 for features. */
  readonly alone: number;
}
export interface AblationReport { readonly whole: Interval; readonly rows: readonly AblationRow[] }

/** @param cluster the member of each request, over all runs */
export const ablationReport = (runs: readonly Ablation[], { cluster, random }: { readonly cluster: Int32Array; readonly random: Random }): AblationReport => {
  const whole = runs.flatMap((run) => run.whole);
  const rows = (runs[0]?.without ?? []).map(({ part, name }, place): AblationRow => {
    const of = (figure: 'engagement' | 'alone'): readonly number[] => runs.flatMap(({ without }) => without[place]?.[figure] ?? []);
    const alone = of('alone');
    return {
      part, name,
      difference: clusterBootstrap(of('engagement').map((value, i) => value - (whole[i] ?? 0)), cluster, { random: random.fork(`${part} ${name}`) }),
      alone: alone.reduce((sum, each) => sum + each, 0) / Math.max(1, alone.length),
    };
  });
  return { whole: clusterBootstrap(whole, cluster, { random: random.fork('whole') }), rows };
};

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;

export const ablationText = ({ whole, rows }: AblationReport): readonly string[] => {
  const text = ({ name, part, difference: { mean, low, high }, alone }: AblationRow): string =>
    `    ${name.padEnd(26)}${`${signed(mean)}  [${signed(low)}, ${signed(high)}]`.padEnd(30)}${part === 'ranker' ? `${alone.toFixed(2)} cards of a page are its alone` : ''}`.trimEnd();
  const of = (part: Part): readonly string[] => rows.filter((row) => row.part === part).map(text);
  return [
    `  one linear model with everything: ${whole.mean.toFixed(4)}  [${whole.low.toFixed(4)}, ${whole.high.toFixed(4)}]; without`,
    '  a first-pass ranker', ...of('ranker'), '  a family of features', ...of('features'),
  ];
};
