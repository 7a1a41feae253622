// Revenue against engagement on generated requests with known truth: ten multipliers beside fixed places, three seeds.
import { normal, seededRandom, type Random } from '../src/core/random.ts';
import { addUp, judgeAlpha, solveDual, type Sample, type SampledRequest, type Totals } from '../src/feed/objectives/duals.ts';
import { insertSponsored, orderByWorth, type AdRules, type TwoColumns } from '../src/feed/objectives/insert.ts';
import { atFixedPlaces, engagementAt, revenueAt, SHARES } from '../src/feed/objectives/pareto.ts';
import { machine } from './lib/machine.ts';

/*
 * The generator. A viewer has a taste for each of 12 topics, N(0, 1). Of 100 organic items each is about one topic and is liked with
 * sigmoid(-2 + taste + 0.5 N); of 10 advertisements with sigmoid(-3 + taste + 0.5 N), is hidden with sigmoid(-5 - 0.7 taste + 0.5 N) and is
 * clicked with sigmoid(-4 + 0.7 taste + 0.5 N); its bid is exp(0.7 N). Utility is likes minus 5 times hides; revenue is bid times clicks.
 * One viewer in two wants to be left alone: their advertisements are liked with 1 less in the exponent. What the platform knows of each
 * probability is wrong by a factor exp(0.3 N); both columns are in the order of what it knows, sponsored ones by revenue, or by
 * utility and the multiplier times revenue. Places are looked at with 1 / log2(place + 2).
 */
const TOPICS = 12;
const ORGANIC = 100;
const ADS = 10;
const PLACES = 20;
const SEEDS = [1, 2, 3];
const SOLVED_ON = 4000;
const JUDGED_ON = Number(process.argv[2] ?? 10_000);
/** How far tastes lie apart: 1 is the figure, others say what it depends on. */
const SPREAD = Number(process.argv[3] ?? 1);
const ERROR = 0.3;
const HIDE_COST = 5;
const RULES: AdRules = { version: 'bench', topSlot: 2, minGap: 3, most: 6, hideCeiling: 0.05 };
const EVERY = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const ATTENTION = Array.from({ length: PLACES }, (_, place) => 1 / Math.log2(place + 2));

interface Request { readonly known: SampledRequest; readonly true: TwoColumns }

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const sorted = (size: number, by: Float64Array): number[] => Array.from({ length: size }, (_, i) => i).sort((a, b) => (by[b] ?? 0) - (by[a] ?? 0));
const pick = (values: Float64Array, order: readonly number[]): Float64Array => Float64Array.from(order, (i) => values[i] ?? 0);

const draw = (random: Random): Request => {
  const taste = Float64Array.from({ length: TOPICS }, () => SPREAD * normal(random));
  const wrong = (values: Float64Array): Float64Array => values.map((value) => value * Math.exp(ERROR * normal(random)));
  const about = (): number => taste[Math.floor(random.next() * TOPICS)] ?? 0;
  const organic = Float64Array.from({ length: ORGANIC }, () => sigmoid(-2 + about() + 0.5 * normal(random)));
  const reserve = random.next() < 0.5 ? 1 : 0;
  const topics = Float64Array.from({ length: ADS }, about);
  const like = topics.map((own) => sigmoid(-3 - reserve + own + 0.5 * normal(random)));
  const hide = topics.map((own) => sigmoid(-5 - 0.7 * own + 0.5 * normal(random)));
  const click = topics.map((own) => sigmoid(-4 + 0.7 * own + 0.5 * normal(random)));
  const bid = Float64Array.from({ length: ADS }, () => Math.exp(0.7 * normal(random)));
  const known = { organic: wrong(organic), like: wrong(like), hide: wrong(hide), click: wrong(click) };
  const knownRevenue = known.click.map((p, a) => p * (bid[a] ?? 0));
  const [organicOrder, adOrder] = [sorted(ORGANIC, known.organic), sorted(ADS, knownRevenue)];
  const columns = (of: { organic: Float64Array; like: Float64Array; hide: Float64Array; click: Float64Array }): TwoColumns => ({
    organic: pick(of.organic, organicOrder), organicSize: ORGANIC, sponsoredSize: ADS, hide: pick(of.hide, adOrder),
    utility: pick(of.like.map((p, a) => p - HIDE_COST * (of.hide[a] ?? 0)), adOrder), revenue: pick(of.click.map((p, a) => p * (bid[a] ?? 0)), adOrder),
  });
  return { known: { ...columns(known), group: reserve }, true: columns({ organic, like, hide, click }) };
};

interface Point { readonly engagement: number; readonly revenue: number; readonly sponsored: number }
const into = new Int32Array(PLACES);
const totals: Totals = { engagement: 0, revenue: 0, sponsored: 0 };

/** What lists are worth in truth. @param place writes the list of a request into `into` */
const judge = (requests: readonly Request[], place: (columns: SampledRequest) => number): Point => {
  const sum = { engagement: 0, revenue: 0, sponsored: 0 };
  for (const request of requests) {
    const slots = place(request.known);
    addUp(request.true, { into, slots, attention: ATTENTION }, totals);
    sum.engagement += totals.engagement; sum.revenue += totals.revenue; sum.sponsored += totals.sponsored;
  }
  return { engagement: sum.engagement / requests.length, revenue: sum.revenue / requests.length, sponsored: sum.sponsored / requests.length };
};

const bare = (columns: SampledRequest): number => insertSponsored(columns, { alpha: 0, attention: ATTENTION, rules: { ...RULES, most: 0 } }, into);
const order = new Int32Array(ADS);
const ordered = (columns: SampledRequest, alpha: number): SampledRequest => { orderByWorth(columns, alpha, order); return { ...columns, order }; };
const byAlpha = (alpha: number, byWorth: boolean) => (columns: SampledRequest): number => insertSponsored(byWorth ? ordered(columns, alpha) : columns, { alpha, attention: ATTENTION, rules: RULES }, into);
/** Every n-th place from the same first one, under the same ceiling; in the order of revenue, or of worth at a multiplier. */
const fixed = (every: number, alpha?: number) => (given: SampledRequest): number => atFixedPlaces(every, RULES)(alpha === undefined ? given : ordered(given, alpha), into);

/** Student's t for three seeds: a 95 % interval. */
const interval = (values: readonly number[]): string => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const half = 4.303 * Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length);
  return `${(100 * mean).toFixed(2)} % [${(100 * (mean - half)).toFixed(2)}, ${(100 * (mean + half)).toFixed(2)}]`;
};
const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Ten multipliers: those that bring these shares of the most revenue, on requests of their own. */
const alphasOf = (requests: readonly Request[], byWorth: boolean): readonly number[] => {
  const sample: Sample = { requests: requests.map(({ known }) => ({ ...known, group: 0 })), rules: RULES, byWorth, attention: ATTENTION };
  return SHARES.map((revenueFloor) => solveDual(sample, { revenueFloor }).get(0)?.alpha ?? 0);
};

interface Run { readonly worth: Line; readonly revenue: Line; readonly fixed: readonly Point[]; readonly fixedByWorth: readonly Point[] }
interface Line { readonly alphas: readonly number[]; readonly points: readonly Point[] }

const run = (seed: number): Run => {
  const random = seededRandom(seed);
  const [solved, judged] = [Array.from({ length: SOLVED_ON }, () => draw(random)), Array.from({ length: JUDGED_ON }, () => draw(random))];
  const without = judge(judged, bare).engagement;
  const relative = ({ engagement, ...rest }: Point): Point => ({ ...rest, engagement: engagement / without });
  const curve = (byWorth: boolean): Line => {
    const alphas = alphasOf(solved, byWorth);
    return { alphas, points: [0, ...alphas].map((alpha) => relative(judge(judged, byAlpha(alpha, byWorth)))) };
  };
  const worth = curve(true);
  const middle = worth.alphas[6] ?? 0;
  return { worth, revenue: curve(false), fixed: EVERY.map((every) => relative(judge(judged, fixed(every)))), fixedByWorth: EVERY.map((every) => relative(judge(judged, fixed(every, middle)))) };
};
const runs = SEEDS.map(run);
type Curve = 'worth' | 'revenue';

const printCurve = (which: Curve): void => {
  process.stdout.write('\n| multiplier | revenue a request | engagement, of that without any | sponsored a page |\n|---|---|---|---|\n');
  SHARES.forEach((_, n) => {
    const mean = (key: keyof Point): number => average(runs.map((each) => each[which].points[n + 1]?.[key] ?? Number.NaN));
    process.stdout.write(`| ${average(runs.map((each) => each[which].alphas[n] ?? 0)).toPrecision(3)} | ${mean('revenue').toFixed(4)} | ${mean('engagement').toFixed(4)} | ${mean('sponsored').toFixed(2)} |\n`);
  });
};
/** More engagement at the revenue of a fixed list, or more revenue at its engagement. */
const gains = (which: Curve, against: 'fixed' | 'fixedByWorth', { n, of }: { readonly n: number; readonly of: 'engagement' | 'revenue' }): string => {
  const found = runs.flatMap((each) => {
    const point = each[against][n];
    const at = point === undefined ? undefined : of === 'engagement' ? engagementAt(each[which].points, point.revenue) : revenueAt(each[which].points, point.engagement);
    return point === undefined || at === undefined ? [] : [at / point[of] - 1];
  });
  return found.length === SEEDS.length ? interval(found) : 'out of reach under the rules';
};

process.stdout.write(`${machine()}\n\nSeeds ${SEEDS.join(', ')}; multipliers solved on ${SOLVED_ON} requests, judged by truth on ${JUDGED_ON} others; topSlot ${RULES.topSlot}, minGap ${RULES.minGap}, at most ${RULES.most}; tastes N(0, ${SPREAD}).\n`);
process.stdout.write('\nSponsored in the order of worth:\n');
printCurve('worth');
process.stdout.write('\nSponsored in the order of revenue:\n');
printCurve('revenue');
process.stdout.write('\n| fixed: every n-th place | revenue a request | engagement | sponsored a page | more engagement at equal revenue, by worth | same, by revenue | by worth, against fixed by worth | more revenue at equal engagement, by worth |\n|---|---|---|---|---|---|---|---|\n');
EVERY.forEach((every, n) => {
  const mean = (key: keyof Point): number => average(runs.map((each) => each.fixed[n]?.[key] ?? Number.NaN));
  process.stdout.write(`| ${every} | ${mean('revenue').toFixed(4)} | ${mean('engagement').toFixed(4)} | ${mean('sponsored').toFixed(2)} | ${gains('worth', 'fixed', { n, of: 'engagement' })} | ${gains('revenue', 'fixed', { n, of: 'engagement' })} | ${gains('worth', 'fixedByWorth', { n, of: 'engagement' })} | ${gains('worth', 'fixed', { n, of: 'revenue' })} |\n`);
});

const random = seededRandom(9);
const requests = Array.from({ length: 100_000 }, () => draw(random).known);
const sample: Sample = { requests, rules: RULES, byWorth: true, attention: ATTENTION };
let used = process.cpuUsage();
const cpuSeconds = (): number => process.cpuUsage(used).user / 1e6;
const solved = solveDual(sample, { engagementFloor: 0.97 });
process.stdout.write(`\nA floor of .97 for each of two classes, solved on 100,000 requests in ${cpuSeconds().toFixed(1)} s of processor time:\n`);
for (const [group, { alpha, engagement, revenue }] of solved) process.stdout.write(`- class ${group}: multiplier ${alpha.toPrecision(4)}, engagement ${engagement.mean.toFixed(4)} [${engagement.low.toFixed(4)}, ${engagement.high.toFixed(4)}], revenue ${revenue.mean.toFixed(4)} [${revenue.low.toFixed(4)}, ${revenue.high.toFixed(4)}]\n`);
const one = solveDual({ ...sample, requests: requests.map((request) => ({ ...request, group: 0 })) }, { engagementFloor: 0.97 }).get(0);
process.stdout.write(`- one multiplier for all: ${(one?.alpha ?? 0).toPrecision(4)}, engagement ${(one?.engagement.mean ?? 0).toFixed(4)}, revenue ${(one?.revenue.mean ?? 0).toFixed(4)}\n`);
used = process.cpuUsage();
judgeAlpha(sample, one?.alpha ?? 0);
process.stdout.write(`One merged page of ${PLACES}, judged: ${(cpuSeconds() * 10).toFixed(1)} µs of processor time\n`);
