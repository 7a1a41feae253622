/**
 * What is measured of rankers whose members' tracks are known, in three tables: a change of career against a passing fancy, two tracks side by
 * side, and one that comes and goes. Every figure is of some lives, so that lives can be drawn again for its interval.
 */
import { auc, mean } from '../../src/models/metrics.ts';
import { COMINGS, TURN, type Life, type Script } from './careers.ts';
import { ndcgOver, sharesOf } from './career-pages.ts';
import type { Ranker } from './career-rankers.ts';

/** Events of a life that is asked about, before what its script does and after it. */
export const BEFORE = 40;
export const AFTER = 20;
/** Who knew the script would fill the page with the track whose time it is: half of that is the mark. */
const HALF = 0.5;

export type Text = (value: number) => string;
export const inEvents: Text = (value) => (Number.isFinite(value) ? String(Math.round(value)) : 'never');
const inShares: Text = (value) => value.toFixed(3);

export interface Measured {
  /** A value for each column, of the lives that are picked, with repetition or without. */
  figures(pick: readonly number[]): readonly number[];
  /** NDCG@10 of each life. */
  readonly ndcg: Float64Array;
}
export type Asked = Readonly<Record<Script, readonly Life[]>>;
export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly text: Text }[];
  readonly ndcg: string;
  measure(ranker: Ranker, asked: Asked): Promise<Measured>;
}

const everyLife = (of: readonly Life[], events: number): { readonly of: readonly Life[]; readonly events: readonly number[] } => ({ of, events: of.map(() => events) });
/** The mean over the picked lives that have a value. */
const meanOf = (values: Float64Array | undefined, pick: readonly number[]): number => mean(pick.map((life) => values?.[life] ?? 0).filter((value) => !Number.isNaN(value)));

/** Shares of the other track by event from BEFORE on, [events][lives]. */
interface Seen { readonly pivots: readonly Float64Array[]; readonly blips: readonly Float64Array[]; readonly base: Float64Array }

const turnFigures = ({ pivots, blips, base }: Seen, pick: readonly number[]): readonly number[] => {
  const of = (values: Float64Array | undefined): number => meanOf(values, pick);
  const none = of(base);
  const rises = blips.map((values) => of(values) - none);
  const lag = pivots.findIndex((values) => of(values) >= HALF);
  const after = rises.slice(TURN);
  const overshoot = Math.max(...after);
  const peak = after.indexOf(overshoot);
  const halved = after.findIndex((share, i) => i >= peak && share <= overshoot / 2);
  const [turned, strayed] = [pick.map((life) => (pivots[TURN]?.[life] ?? 0) - (pivots[0]?.[life] ?? 0)), pick.map((life) => (blips[TURN]?.[life] ?? 0) - (base[life] ?? 0))];
  const discrimination = auc([...turned, ...strayed], [...turned.map(() => 1), ...strayed.map(() => 0)]);
  return [lag < 0 ? Number.POSITIVE_INFINITY : lag, overshoot, halved < 0 ? Number.POSITIVE_INFINITY : halved - peak, discrimination, rises[1] ?? 0];
};

export const TURNS: Table = {
  name: 'A change of career against a passing fancy', ndcg: 'stable NDCG@10',
  columns: [
    { name: 'pivot lag', text: inEvents }, { name: 'blip overshoot', text: inShares }, { name: 'recovery', text: inEvents },
    { name: 'pivot against blip, AUC', text: inShares }, { name: 'one event', text: inShares },
  ],
  measure: async (ranker, { pivot, blip, stable }) => {
    const others = async (of: readonly Life[], events: number): Promise<Float64Array> => (await sharesOf(ranker, everyLife(of, events))).other;
    const seen = { pivots: [] as Float64Array[], blips: [] as Float64Array[], base: await others(blip, BEFORE) };
    for (let events = BEFORE; events <= BEFORE + TURN + AFTER - 1; events++) {
      seen.pivots.push(await others(pivot, events));
      seen.blips.push(await others(blip, events));
    }
    return { figures: (pick) => turnFigures(seen, pick), ndcg: await ndcgOver(ranker, stable, () => [BEFORE, BEFORE + 10]) };
  },
};

/**
 * Twenty pages of members with two tracks side by side, asked after 40 events and more. Balance: the smaller of the two tracks' shares of a page,
 * a life's mean (who knows the script: .5). Swing: standard deviation of the other track's share over a life's pages, and its largest change from
 * one page to the next (who knows the script: none, but for the item just met).
 */
export const DUAL: Table = {
  name: 'Two tracks side by side', ndcg: 'NDCG@10',
  columns: ['one track', 'the other', 'balance', 'swing', 'largest change'].map((name) => ({ name, text: inShares })),
  measure: async (ranker, { dual }) => {
    const pages: { readonly own: Float64Array; readonly other: Float64Array }[] = [];
    for (let events = BEFORE; events < BEFORE + AFTER; events++) pages.push(await sharesOf(ranker, everyLife(dual, events)));
    const perLife = (figure: (own: readonly number[], other: readonly number[]) => number): Float64Array =>
      Float64Array.from(dual, (_, life) => figure(pages.map(({ own }) => own[life] ?? 0), pages.map(({ other }) => other[life] ?? 0)));
    const values = [
      perLife(mean), perLife((_, other) => mean(other)), perLife((own, other) => mean(own.map((share, page) => Math.min(share, other[page] ?? 0)))),
      perLife((_, other) => Math.sqrt(mean(other.map((share) => (share - mean(other)) ** 2)))),
      perLife((_, other) => Math.max(...other.slice(1).map((share, page) => Math.abs(share - (other[page] ?? 0))))),
    ];
    return { figures: (pick) => values.map((value) => meanOf(value, pick)), ndcg: await ndcgOver(ranker, dual, () => [BEFORE, BEFORE + AFTER]) };
  },
};

/** Events of a stay, or of an absence, within which a share must have come or gone. */
const FOLLOWED = 10;
const [FIRST, THIRD, LAST] = [0, COMINGS - 2, COMINGS - 1];
const stayOf = ({ stays }: Life, coming: number): { readonly from: number; readonly end: number } => stays[coming] ?? { from: 0, end: 0 };
/** The first event of the last absence whose half is past: a stay that began there would be early by the other half, and nothing before it tells of that. */
const halfway = (life: Life): number => {
  const [gone, back] = [stayOf(life, THIRD).end, stayOf(life, LAST).from];
  const middle = ((life.seconds[gone - 1] ?? 0) + (life.seconds[back] ?? 0)) / 2;
  return Math.min(back - 1, life.seconds.findIndex((at, event) => event >= gone && at >= middle));
};

interface Recurring {
  /** Shares of the other track after 0, 1, … events of the first stay, of the last, and of the absence before that; NaN where a life has no more. */
  readonly first: readonly Float64Array[]; readonly back: readonly Float64Array[]; readonly gone: readonly Float64Array[];
  /** At the last event of the stay before that absence, and halfway through it. */
  readonly full: Float64Array; readonly early: Float64Array;
}
const recurringFigures = ({ first, back, gone, full, early }: Recurring, pick: readonly number[]): readonly number[] => {
  const after = (pages: readonly Float64Array[], holds: (share: number) => boolean): number => {
    const found = pages.findIndex((values) => holds(meanOf(values, pick)));
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  };
  const [firstLag, lag] = [after(first, (share) => share >= HALF), after(back, (share) => share >= HALF)];
  const peak = meanOf(full, pick);
  const [unseen, due, notDue] = [meanOf(first[0], pick), meanOf(back[0], pick), meanOf(early, pick)];
  // What is not found within the events that are followed counts as found at the next.
  return [firstLag, lag, Math.min(firstLag, FOLLOWED + 1) - Math.min(lag, FOLLOWED + 1), after(gone, (share) => share <= peak / 2), unseen, notDue, due, due - notDue];
};

/**
 * Members whose other track has stayed three times and comes a fourth. Lags: events of a stay until half of the top 20 is of its track, the first
 * time and the fourth; memory: how many fewer. Falling back: events of the absence after the third stay until the share is half of what it was at
 * that stay's last event (0: at the first event's time, with nothing read of it). Before any: share when the first stay begins, which nobody can
 * foresee. Due: when the fourth begins, with nothing read of it. Not due: halfway through the absence before it. Anticipation: due less not due.
 */
export const RECURRING: Table = {
  name: 'A track that comes and goes', ndcg: 'NDCG@10 of a period',
  columns: [
    { name: 'first lag', text: inEvents }, { name: 'return lag', text: inEvents }, { name: 'memory', text: inEvents }, { name: 'falling back', text: inEvents },
    ...['before any', 'not due', 'due', 'anticipation'].map((name) => ({ name, text: inShares })),
  ],
  measure: async (ranker, { recurring }) => {
    const at = async (events: readonly number[]): Promise<Float64Array> => (await sharesOf(ranker, { of: recurring, events })).other;
    const through = async (spanOf: (life: Life) => readonly [from: number, end: number]): Promise<readonly Float64Array[]> => {
      const spans = recurring.map(spanOf);
      const pages: Float64Array[] = [];
      for (let event = 0; event <= FOLLOWED; event++) {
        const shares = await at(spans.map(([from, end]) => Math.min(from + event, end)));
        pages.push(shares.map((share, life) => { const [from, end] = spans[life] ?? [0, 0]; return from + event < end ? share : Number.NaN; }));
      }
      return pages;
    };
    const stay = (coming: number) => (life: Life): readonly [from: number, end: number] => { const { from, end } = stayOf(life, coming); return [from, end]; };
    const seen: Recurring = {
      first: await through(stay(FIRST)), back: await through(stay(LAST)), gone: await through((life) => [stayOf(life, THIRD).end, stayOf(life, LAST).from]),
      full: await at(recurring.map((life) => stayOf(life, THIRD).end - 1)), early: await at(recurring.map(halfway)),
    };
    return { figures: (pick) => recurringFigures(seen, pick), ndcg: await ndcgOver(ranker, recurring, (life) => [stayOf(life, THIRD).from, stayOf(life, LAST).from]) };
  },
};
