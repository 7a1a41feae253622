/** One world lived through, then asked: what would each policy have put before the same members, out of the same candidates, and what is that worth in truth? */
import { DAY, HOUR, manualClock } from '../core/clock.ts';
import { ThroughlineError } from '../core/errors.ts';
import { seededRandom, type Random } from '../core/random.ts';
import { decodeServed } from '../funnel/served.ts';
import { createExampleBuffer, type ExampleBuffer } from '../models/example-buffer.ts';
import { enoughImpressions, gatherImpressions } from '../models/examples.ts';
import { FEATURE_NAMES, FEATURE_SET_HASH, FEATURES, JOURNEY_COLUMNS } from '../models/features.ts';
import { learnImpressions } from '../models/learn-impressions.ts';
import { SPONSORED_DEFAULTS } from '../feed/objectives/settings.ts';
import type { ServingModel } from '../feed/second-pass.ts';
import { DEFAULT_VALUES } from '../feed/values.ts';
import { weighted } from '../world/chance.ts';
import type { FeedCard } from '../world/client.ts';
import { parameters, type Scalars } from '../world/parameters.ts';
import type { Person } from '../world/people.ts';
import { chanceOfAny } from '../world/satisfaction.ts';
import { exposureOf } from '../world/session.ts';
import { createWorld, type World } from '../world/world.ts';
import { houseAt, type House } from './demo-house.ts';
import { lived, populated, trained, type Making } from './demo-life.ts';
import type { Progress } from './progress.ts';
import { trainJourneyApart } from './train-journey.ts';
import { joined, ndcgBy, untouched, type Cold } from './world-cold.ts';
import { ablating, type Ablating, type Ablation } from './world-ablation.ts';
import { creatorsOf, lensOf, openedBy, type Breadth, type Creators, type Opened } from './world-breadth.ts';
import { engagementOf, orderOf, policiesOf, type Pool } from './world-policies.ts';
import { sessionOf, type SessionFigures } from './world-sessions.ts';

export interface JudgeOptions {
  readonly seed: number;
  /** An empty folder. */
  readonly data: string;
  readonly values?: Partial<Scalars>;
  /** Days after the past in which members are asked. */
  readonly days: number;
  /** Members asked in all. */
  readonly requests: number;
  readonly journey: boolean;
  /** Also without each first-pass ranker and each family of features. */
  readonly ablate: boolean;
  readonly commit: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** By request: who asked, and by policy what the page would be worth, and the session. */
export interface Judged {
  readonly members: readonly string[];
  readonly engagement: ReadonlyMap<string, readonly number[]>;
  readonly sessions: ReadonlyMap<string, readonly SessionFigures[]>;
  readonly cold: Cold;
  readonly breadth: Breadth;
  readonly ablation?: Ablation;
}

/** A Monday, so that runs of any day of ours are the same run. */
const START = Date.UTC(2026, 0, 5);
/** Cards that policies choose from, in pages of so many. */
const POOL_CARDS = 400;
const POOL_PAGE = 100;
/** For every so many members who are asked somebody of the same profile joins. */
const ONE_JOINS_IN = 2;
/** Times in a day at which members are asked. */
const ASKS_A_DAY = 4;

interface Answer { readonly requestId: string; readonly items: readonly FeedCard[]; readonly nextCursor: string | null }

const featuresOf = ({ platform: { log, state } }: House, requestId: string, count: number): Float32Array => {
  const record = log.get({ partition: 0, sequence: state.pages.find(requestId) });
  if (record === undefined) throw new ThroughlineError('server/internal', `the served record of ${requestId} is not in the log`);
  const rows = new Float32Array(count * FEATURES);
  decodeServed(record.payload).items.forEach(({ features }, row) => { rows.set(features, row * FEATURES); });
  return rows;
};

interface Found { readonly cards: readonly FeedCard[]; readonly features: Float32Array }
/** Newest first: whoever ranks two cards alike must not be told by the order in which they were served. */
const newestFirst = ({ cards, features }: Found): Found => {
  const order = cards.map((_, c) => c).sort((a, b) => Date.parse(cards[b]?.card.publishedAt ?? '') - Date.parse(cards[a]?.card.publishedAt ?? ''));
  const rows = new Float32Array(features.length);
  order.forEach((c, row) => { rows.set(features.subarray(c * FEATURES, (c + 1) * FEATURES), row * FEATURES); });
  return { cards: order.flatMap((c) => cards[c] ?? []), features: rows };
};

/** Everything that the platform found for a member at this moment, as far as pages go on. */
const poolOf = async ({ house, world, clock }: Making & { readonly house: House }, person: Person): Promise<Pool> => {
  const served: FeedCard[] = [];
  const requests: { readonly id: string; readonly count: number }[] = [];
  let cursor: string | null = '';
  while (cursor !== null && served.length < POOL_CARDS) {
    const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await house.transport({ method: 'GET', path: `/v1/members/${person.id}/feed?limit=${POOL_PAGE}${query}` });
    if (status !== 200) throw new ThroughlineError('server/internal', `the feed of member:${person.id} was answered ${status}: ${body.slice(0, 200)}`);
    const page = JSON.parse(body) as Answer;
    served.push(...page.items);
    requests.push({ id: page.requestId, count: page.items.length });
    cursor = page.nextCursor;
  }
  await house.platform.idle();
  const rows = new Float32Array(served.length * FEATURES);
  let row = 0;
  for (const { id, count } of requests) { rows.set(featuresOf(house, id, count), row * FEATURES); row += count; }
  const { cards, features } = newestFirst({ cards: served, features: rows });
  const at = clock.now();
  const responses = cards.map((card) => world.truth.responses(person, exposureOf(card, at, world.seen(person.ref, card.item))));
  const any = (polarity: 1 | -1): Float64Array => Float64Array.from(responses, (probabilities) => chanceOfAny(polarity, probabilities));
  return { cards, features, worth: any(1), annoyance: any(-1) };
};

/** What was shown in the whole past, and what came of it. */
const impressionsOf = async ({ platform: { log } }: House): Promise<ExampleBuffer> => {
  const impressions = createExampleBuffer(FEATURES);
  await gatherImpressions(log, impressions);
  if (!enoughImpressions(impressions)) throw new ThroughlineError('client/noData', `this world's past holds ${impressions.count} impressions, too few to learn from; let more members live in it`);
  return impressions;
};

/** The second pass from the whole past, without some columns. */
const regression = (impressions: ExampleBuffer, { random, without }: { readonly random: Random; readonly without: readonly number[] }): ServingModel => {
  const { heads } = learnImpressions(impressions, { random, without });
  return {
    version: 'judged', featureSetHash: FEATURE_SET_HASH,
    heads: heads.map(({ name, head }) => ({ name, bias: head.bias, weights: [...head.weights], ...(head.floor === undefined ? {} : { floor: head.floor }) })),
  };
};

/** So many days of visits in stretches, each followed by training; half way a journey model begins to serve, so that the rest of the past is served with it. */
const pastWithJourney = async (making: Making & { readonly house: House }, { data, seed, commit, journey, signal }: JudgeOptions): Promise<void> => {
  const { clock, house, progress, world: { values } } = making;
  const start = clock.now();
  await populated(making);
  for (let round = 1; round <= values.trainings && !signal.aborted; round++) {
    await lived(making, { run: `h${round}x`, until: start + (round / values.trainings) * values.historyDays * DAY });
    await trained(making, `Model ${round} of ${values.trainings}`);
    if (!journey || round !== Math.ceil(values.trainings / 2)) continue;
    const bar = progress.bar('Journey model', 1);
    await house.platform.idle();
    const { version } = await trainJourneyApart({ data, seed, commit }, { signal });
    await house.platform.refreshModel();
    bar.end(version ?? 'stopped');
  }
};

/** Lists by policy that grow with each request. */
const listOf = <Value>(lists: Map<string, Value[]>, name: string): Value[] => {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
};

/** The ways to rank that are compared, all learned from one log. */
interface Compared { readonly policies: ReturnType<typeof policiesOf>; readonly parts?: Ablating }

const fitted = async ({ house, progress, world }: Making & { readonly house: House }, { journey, ablate }: JudgeOptions, random: Random): Promise<Compared> => {
  const bar = progress.bar('Fitting what is compared', 1 + (journey ? 1 : 0) + (ablate ? 1 : 0));
  const impressions = await impressionsOf(house);
  const alone = regression(impressions, { random: random.fork('regression'), without: JOURNEY_COLUMNS_AND_RETRIEVAL });
  bar.set(1);
  const policies = policiesOf({ regression: alone, ...(journey ? { withJourney: regression(impressions, { random: random.fork('journey'), without: [] }) } : {}) });
  bar.set(journey ? 2 : 1);
  const page = { places: world.values.pageItems, examination: world.truth.examination };
  const parts = ablate ? ablating(impressions, journey ? [] : JOURNEY_COLUMNS_AND_RETRIEVAL, page) : undefined;
  bar.end('done');
  return { policies, ...(parts === undefined ? {} : { parts }) };
};

interface Judging extends Compared {
  readonly world: World;
  readonly engagement: Map<string, number[]>;
  readonly sessions: Map<string, SessionFigures[]>;
  readonly creators: Creators;
  readonly opened: Map<string, Opened[]>;
  readonly wanted: number[];
}

const judged = ({ world, policies, parts, engagement, sessions, creators, opened, wanted }: Judging, pool: Pool, of: { readonly person: Person; readonly random: Random; readonly at: number }): void => {
  parts?.judge(pool);
  const lens = lensOf(pool.cards, creators, of);
  wanted.push(lens.wanted.reduce((sum, each) => sum + each, 0));
  const page = { places: world.values.pageItems, examination: world.truth.examination };
  for (const { name, scores } of policies) {
    const order = orderOf(pool, scores(pool));
    listOf(engagement, name).push(engagementOf(pool, order, page));
    listOf(sessions, name).push(sessionOf(pool, order, { ...of, world }));
    listOf(opened, name).push(openedBy(pool, order, { lens, page }));
  }
};

/** Of each sponsored card, the chance that its viewer hides it, by the model that served it. */
const predictedHides = ({ platform: { state } }: House, { cards, features }: Pool): readonly number[] => {
  const model = state.model.by(DEFAULT_VALUES);
  const head = model.heads.indexOf('hide');
  return cards.flatMap(({ sponsored }, c) => (sponsored === undefined || head < 0 ? [] : [model.predict(features, c, head)]));
};

export const judgeWorld = async (options: JudgeOptions): Promise<Judged> => {
  const { seed, data, values, days, requests, progress, signal } = options;
  const world = createWorld(parameters({ ...values, seed }));
  const clock = manualClock(START);
  const house = await houseAt({ host: '127.0.0.1', port: 0 })({ data, clock, history: true, random: seededRandom(seed).fork('platform') });
  const making = { world, house, clock, progress, signal };
  try {
    await pastWithJourney(making, options);
    const random = seededRandom(seed).fork('judge');
    const compared = await fitted(making, options, random);
    const draw = weighted(world.people.map(({ inner }) => inner.activity));
    const asked: string[] = [];
    const engagement = new Map<string, number[]>();
    const sessions = new Map<string, SessionFigures[]>();
    const judging = { ...compared, world, engagement, sessions, creators: creatorsOf(world), opened: new Map<string, Opened[]>(), wanted: [] };
    const predicted: number[] = [];
    const [members, items] = [new Map<string, number[]>(), new Map<string, number[]>()];
    const times = days * ASKS_A_DAY;
    const begun = clock.now();
    for (let time = 1; time <= times && !signal.aborted; time++) {
      await lived(making, { run: `j${time}x`, until: begun + time * (24 / ASKS_A_DAY) * HOUR });
      for (let n = Math.floor((time - 1) * requests / times); n < Math.floor(time * requests / times); n++) {
        const person = world.people[draw(random)];
        if (person === undefined) continue;
        asked.push(person.ref);
        const pool = await poolOf(making, person);
        judged(judging, pool, { person, random: random.fork(`session:${asked.length}`), at: clock.now() });
        predicted.push(...predictedHides(house, pool));
        const cold = untouched(pool);
        if (cold !== undefined) for (const [name, ndcg] of ndcgBy(cold, compared.policies)) listOf(items, name).push(ndcg);
        if (asked.length % ONE_JOINS_IN !== 0) continue;
        const newcomer = await joined(house, person, `newcomer-${asked.length}`);
        for (const [name, ndcg] of ndcgBy(await poolOf(making, newcomer), compared.policies)) listOf(members, name).push(ndcg);
      }
    }
    const breadth = { wanted: judging.wanted, opened: judging.opened, sponsored: { ceiling: SPONSORED_DEFAULTS.rules.hideCeiling, predicted } };
    return { members: asked, engagement, sessions, cold: { members, items }, breadth, ...(compared.parts === undefined ? {} : { ablation: compared.parts.result }) };
  } finally {
    await house.close();
  }
};

/** Everything that the journey model says to the second pass: its features, and that its own retrieval found an item. */
const JOURNEY_COLUMNS_AND_RETRIEVAL: readonly number[] = [...JOURNEY_COLUMNS, FEATURE_NAMES.indexOf('score:journey'), FEATURE_NAMES.indexOf('from:journey')];
