/**
 * Every feature of the second pass, defined once for serving and training alike. A group writes a few related features of one
 * candidate side by side; the matrix is row-major, so a row can be frozen into the served record as it stands.
 *
 * All inputs are columns as of the request's time. A feature of a signal family that the viewer withholds is 0.
 */
import { DAY, HOUR, MINUTE } from '../core/clock.ts';
import type { RequestContext } from '../core/context.ts';
import { hash32 } from '../core/random.ts';
import { ENTITY_KINDS, type SignalFamily } from '../core/registry.ts';
import type { Views } from '../rankers/ranker.ts';
import { makerOf, type Viewer } from '../rankers/viewer.ts';
import { decay, HALF_LIVES } from '../journey/counters.ts';
import { relativeRate } from '../journey/habits.ts';
import { POOL } from '../rankers/pool/index.ts';

export interface FeatureInput {
  readonly size: number;
  /** Dense item per candidate. */
  readonly item: Int32Array;
  /** Score of ranker r for candidate c at r × stride + c; 0 where it did not return it. */
  readonly scores: Float32Array;
  readonly stride: number;
  readonly viewer: Viewer;
  readonly views: Views;
  readonly context: RequestContext;
}

/** The matrix goes in with the input: a group writes in place and allocates nothing. */
interface FeatureOutput extends FeatureInput { readonly out: Float32Array }

export interface FeatureGroup {
  readonly family: SignalFamily | 'item';
  readonly names: readonly string[];
  /** Writes names.length values at `to`. */
  readonly write: (input: FeatureOutput, candidate: number, to: number) => void;
}

/** x⁶ by multiplication: `**` costs ten times as much. */
const sixth = (x: number): number => { const square = x * x; return square * square * square; };

const log2p = (value: number): number => Math.log2(1 + Math.max(0, value));

/** Fading of freshness, 1 (now) to 0, at several scales; and how many items are newer, which knows no weekends. */
const age: FeatureGroup = {
  family: 'item', names: ['logAgeHours', 'fresh6h', 'fresh36h', 'fresh14d', 'fresh60d', 'logNewer', 'newest'],
  write: ({ views: { catalog }, context, item, out }, candidate, to) => {
    const at = item[candidate] ?? 0;
    const hours = Math.max(0, context.now - (catalog.items.columns.createdAt[at] ?? 0)) / HOUR;
    const newer = catalog.newer(at);
    out[to] = Math.log2(1 + hours);
    out[to + 1] = Math.exp(-hours / 6);
    out[to + 2] = Math.exp(-hours / 36);
    out[to + 3] = Math.exp(-hours / 336);
    out[to + 4] = Math.exp(-hours / 1440);
    out[to + 5] = Math.log2(1 + newer);
    out[to + 6] = 1 / (1 + newer);
  },
};

const popularity: FeatureGroup = {
  family: 'item', names: ['touches10m', 'touches1h', 'touches6h', 'touches1d', 'touches7d', 'strong1d', 'people', 'logIdleMinutes', 'trend', 'pace', 'responseRate', 'responseRate1d'],
  write: ({ views, context, item, out }, candidate, to) => {
    const { columns } = views.journey.counters;
    const at = item[candidate] ?? 0;
    const idle = Math.max(0, context.now - (columns.lastAt[at] ?? 0));
    // One power; the shorter half-lives follow from it by multiplication (7 d = 7 × 1 d = 28 × 6 h …).
    const week = decay(idle, HALF_LIVES.touches7d);
    const day = sixth(week) * week;
    const quarter = (day * day) * (day * day);
    const hour = sixth(quarter); const minutes = sixth(hour);
    const people = columns.people[at] ?? 0;
    const lastHour = (columns.touches1h[at] ?? 0) * hour;
    const lastDay = (columns.touches1d[at] ?? 0) * day;
    const hours = Math.max(0, context.now - (views.catalog.items.columns.createdAt[at] ?? 0)) / HOUR;
    out[to] = log2p((columns.touches10m[at] ?? 0) * minutes);
    out[to + 1] = log2p(lastHour);
    out[to + 2] = log2p((columns.touches6h[at] ?? 0) * quarter);
    out[to + 3] = log2p(lastDay);
    out[to + 4] = log2p((columns.touches7d[at] ?? 0) * week);
    out[to + 5] = log2p((columns.strong1d[at] ?? 0) * day);
    out[to + 6] = log2p(people);
    out[to + 7] = (columns.lastAt[at] ?? 0) === 0 ? 0 : Math.log2(1 + idle / MINUTE);
    out[to + 8] = lastHour / (lastDay + 1);
    out[to + 9] = Math.log2((people + 1) / (hours + 1));
    const totals = views.journey.totals.columns;
    out[to + 10] = relativeRate({ touches: people, impressions: columns.impressions[at] ?? 0 }, { touches: totals.people[0] ?? 0, impressions: totals.impressions[0] ?? 0 });
    const shownLately = (columns.impressions1d[at] ?? 0) * decay(context.now - (columns.impressionsAt[at] ?? 0), DAY);
    out[to + 11] = shownLately < 0.01 ? 0 : (lastDay + 1) / (shownLately + 10);
  },
};

const kinds: FeatureGroup = {
  family: 'item', names: ENTITY_KINDS.map((kind) => `is:${kind}`),
  write: ({ views, item, out }, candidate, to) => {
    const kind = views.catalog.items.columns.kind[item[candidate] ?? 0] ?? 0;
    for (let k = 0; k < ENTITY_KINDS.length; k++) out[to + k] = k === kind ? 1 : 0;
  },
};

const topics: FeatureGroup = {
  family: 'profile', names: ['declaredTopics', 'sameCompany'],
  write: ({ viewer, views, item, out }, candidate, to) => {
    const { data, head } = views.catalog.termsOf.view;
    const at = item[candidate] ?? 0;
    const block = head[at] ?? 0;
    const count = data[block] ?? 0;
    let declared = 0;
    for (let i = 0; i < count; i++) declared += viewer.declared.values[data[block + 2 + i] ?? 0] ?? 0;
    out[to] = count === 0 ? 0 : declared / Math.sqrt(count);
    out[to + 1] = viewer.company >= 0 && (views.catalog.items.columns.company[at] ?? 0) - 1 === viewer.company ? 1 : 0;
  },
};

const interest: FeatureGroup = {
  family: 'sequence', names: ['recentTopics', 'topicShare', 'recentMaker', 'kindShare'],
  write: ({ viewer, views, item, out }, candidate, to) => {
    const { data, head } = views.catalog.termsOf.view;
    const { author, kind } = views.catalog.items.columns;
    const at = item[candidate] ?? 0;
    const block = head[at] ?? 0;
    const count = data[block] ?? 0;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += viewer.terms.values[data[block + 2 + i] ?? 0] ?? 0;
    const maker = (author[at] ?? 0) - 1;
    out[to] = count === 0 ? 0 : log2p(sum / Math.sqrt(count));
    // The same as a share of everything recent: it does not grow with the length of a journey.
    out[to + 1] = count === 0 ? 0 : sum / Math.sqrt(count) / (viewer.termWeight + 3);
    out[to + 2] = maker < 0 ? 0 : log2p(viewer.actors.values[maker] ?? 0);
    out[to + 3] = viewer.kinds[kind[at] ?? 0] ?? 0;
  },
};

/** Who else touches what the viewer touches, and who brings it. */
const company: FeatureGroup = {
  family: 'sequence', names: ['neighbours', 'logNeighbours', 'makerShare', 'logMaker'],
  write: ({ viewer, views, item, out }, candidate, to) => {
    const at = item[candidate] ?? 0;
    const near = viewer.neighbours.values[at] ?? 0;
    const maker = makerOf(views, at);
    const touches = maker < 0 ? 0 : (viewer.makers.values[maker] ?? 0);
    out[to] = near;
    out[to + 1] = Math.log2(1 + 20 * near);
    out[to + 2] = touches / (viewer.makerTouches + 5);
    out[to + 3] = log2p(touches);
  },
};

/** What suits the viewer's habits: their lean times the item's age, place and popularity; and staying near what they just touched. */
const habits: FeatureGroup = {
  family: 'sequence', names: ['ageHabit', 'rankHabit', 'popularityHabit', 'nearLast', 'sessionRank'],
  write: ({ viewer, views: { catalog, journey }, context, item, out }, candidate, to) => {
    const at = item[candidate] ?? 0;
    const rank = log2p(catalog.newer(at));
    const inSession = viewer.lastItem >= 0 && viewer.idleMs < HOUR;
    out[to] = viewer.habit.age * Math.log2(1 + Math.max(0, context.now - (catalog.items.columns.createdAt[at] ?? 0)) / HOUR);
    out[to + 1] = viewer.habit.rank * rank;
    out[to + 2] = viewer.habit.people * log2p(journey.counters.columns.people[at] ?? 0);
    out[to + 3] = inSession ? -Math.abs(rank - log2p(catalog.newer(viewer.lastItem))) : 0;
    out[to + 4] = inSession ? rank : 0;
  },
};

/** How readily the viewer responds to anything; the same for every candidate, so it moves probabilities and not the order. */
const readiness: FeatureGroup = {
  family: 'activity', names: ['viewerRate'],
  write: ({ viewer, views: { journey }, out }, _candidate, to) => {
    const { impressions, touches } = journey.habits.columns;
    const totals = journey.totals.columns;
    const shown = viewer.number < 0 ? 0 : (impressions[viewer.number] ?? 0);
    const touched = viewer.number < 0 ? 0 : (touches[viewer.number] ?? 0);
    out[to] = relativeRate({ touches: touched, impressions: shown }, { touches: totals.touches[0] ?? 0, impressions: totals.impressions[0] ?? 0 });
  },
};

const seen: FeatureGroup = {
  family: 'activity', names: ['impressions', 'acted'],
  write: ({ viewer, views, item, out }, candidate, to) => {
    const row = viewer.number < 0 ? -1 : views.journey.seen.find(viewer.number, item[candidate] ?? 0);
    out[to] = row < 0 ? 0 : log2p(views.journey.seen.columns.impressions[row] ?? 0);
    out[to + 1] = row < 0 ? 0 : (views.journey.seen.columns.actions[row] ?? 0) === 0 ? 0 : 1;
  },
};

const tie: FeatureGroup = {
  family: 'graph', names: ['tiedToMaker'],
  write: ({ viewer, views, item, out }, candidate, to) => {
    const maker = (views.catalog.items.columns.author[item[candidate] ?? 0] ?? 0) - 1;
    out[to] = maker >= 0 && viewer.number >= 0 && viewer.ties.values[maker] === 1 ? 1 : 0;
  },
};

const firstPass: FeatureGroup = {
  family: 'item', names: POOL.flatMap(({ name }) => [`score:${name}`, `from:${name}`]),
  write: ({ scores, stride, out }, candidate, to) => {
    for (let ranker = 0; ranker < POOL.length; ranker++) {
      const score = scores[ranker * stride + candidate] ?? 0;
      out[to + 2 * ranker] = log2p(score);
      out[to + 2 * ranker + 1] = score > 0 ? 1 : 0;
    }
  },
};

export const GROUPS: readonly FeatureGroup[] = [age, popularity, kinds, topics, interest, company, habits, readiness, seen, tie, firstPass];

export const FEATURE_NAMES: readonly string[] = GROUPS.flatMap(({ names }) => names);
export const FEATURES: number = FEATURE_NAMES.length;
/** Names the definition: a record or a model of another set does not fit this code. */
export const FEATURE_SET: number = hash32(FEATURE_NAMES.join(','));

/** The same as it stands in a model's file. */
export const FEATURE_SET_HASH: string = FEATURE_SET.toString(16).padStart(8, '0');

const isAllowed = (group: FeatureGroup, context: RequestContext): boolean => group.family === 'item' || context.allowed[group.family];

/** Fills `out` (size × FEATURES). */
export const computeFeatures = (input: FeatureInput, out: Float32Array): void => {
  const output: FeatureOutput = { ...input, out };
  let column = 0;
  for (const group of GROUPS) {
    const width = group.names.length;
    if (isAllowed(group, input.context)) {
      for (let c = 0; c < input.size; c++) group.write(output, c, c * FEATURES + column);
    } else {
      for (let c = 0; c < input.size; c++) out.fill(0, c * FEATURES + column, c * FEATURES + column + width);
    }
    column += width;
  }
};
