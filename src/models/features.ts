/**
 * Every feature of the second pass, defined once for serving and training alike. A group writes a few related features side by
 * side, for one candidate after the other; the matrix is row-major, so a row can be frozen into the served record as it stands.
 *
 * All inputs are columns as of the request's time. A feature of a signal family that the viewer withholds is 0.
 */
import { DAY, HOUR, MINUTE, SECOND } from '../core/clock.ts';
import type { RequestContext } from '../core/context.ts';
import { exp2Each, log2p, log2pEach } from '../core/powers.ts';
import { hash32 } from '../core/random.ts';
import { ENTITY_KINDS, type SignalFamily } from '../core/registry.ts';
import { createScratch, type Scratch } from '../memory/scratch.ts';
import type { Views } from '../rankers/views.ts';
import { suits } from '../rankers/taste.ts';
import { makerOf, type Viewer } from '../rankers/viewer.ts';
import { HALF_LIVES } from '../journey/counters.ts';
import { relativeTo } from '../journey/habits.ts';
import { LIKING_PRIOR } from '../journey/likings.ts';
import { kindNumber } from '../catalog/catalog.ts';
import { POOL } from '../rankers/pool/index.ts';

export interface FeatureInput {
  readonly size: number;
  /** Dense item per candidate. */
  readonly item: Int32Array;
  /** Row of (viewer, item) in what has been seen, per candidate; -1 for none. */
  readonly seenRow: Int32Array;
  /** Score of ranker r for candidate c at r × stride + c; 0 where it did not return it. */
  readonly scores: Float32Array;
  readonly stride: number;
  /** Not 0 for a candidate whose place is paid for. Absent: none is. */
  readonly campaign?: Int32Array;
  readonly viewer: Viewer;
  readonly views: Views;
  readonly context: RequestContext;
}

export interface FeatureGroup {
  readonly family: SignalFamily | 'item';
  readonly names: readonly string[];
  /** Writes names.length values for each candidate: at `column` for the first, FEATURES further for each next. Columns are looked up once a page. */
  readonly fill: (input: FeatureInput, out: Float32Array, column: number) => void;
}

/** Place of a feature in its row. Groups of the item family come first and are never withheld: later ones may read what they wrote. */
const columnOf = (name: string): number => FEATURE_NAMES.indexOf(name);

/** x⁶ by multiplication: `**` costs ten times as much. */
const sixth = (x: number): number => { const square = x * x; return square * square * square; };

const EXP_HOURS: number = -Math.LOG2E / HOUR;

/** Powers and logarithms of one candidate, before and after they are taken. */
const ageLogs = new Float64Array(2);
const ageFades = new Float64Array(3);
const counts = new Float64Array(8);
const fades = new Float64Array(2);

/** Fading of freshness, 1 (now) to 0, at several scales; and how many items are newer, which knows no weekends. */
const age: FeatureGroup = {
  family: 'item', names: ['logAgeHours', 'fresh6h', 'fresh36h', 'fresh14d', 'fresh60d', 'logNewer', 'newest'],
  fill: ({ views: { catalog }, context: { now }, item, size }, out, column) => {
    const { createdAt } = catalog.items.columns;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const at = item[c] ?? 0;
      const elapsed = Math.max(0, now - (createdAt[at] ?? 0));
      const newer = catalog.newer(at);
      ageLogs[0] = elapsed / HOUR;
      ageLogs[1] = newer;
      log2pEach(ageLogs);
      // e^(-hours / 36), …
      ageFades[0] = elapsed * (EXP_HOURS / 36);
      ageFades[1] = elapsed * (EXP_HOURS / 336);
      ageFades[2] = elapsed * (EXP_HOURS / 1440);
      exp2Each(ageFades);
      out[to] = ageLogs[0] ?? 0;
      out[to + 1] = sixth(ageFades[0] ?? 0);
      out[to + 2] = ageFades[0] ?? 0;
      out[to + 3] = ageFades[1] ?? 0;
      out[to + 4] = ageFades[2] ?? 0;
      out[to + 5] = ageLogs[1] ?? 0;
      out[to + 6] = 1 / (1 + newer);
    }
  },
};

const popularity: FeatureGroup = {
  family: 'item', names: ['touches10m', 'touches1h', 'touches6h', 'touches1d', 'touches7d', 'strong1d', 'people', 'logIdleMinutes', 'trend', 'pace', 'responseRate', 'responseRate1d'],
  fill: ({ views: { journey }, context: { now }, item, size }, out, column) => {
    const { lastAt, impressionsAt, touches10m, touches1h, touches6h, touches1d, touches7d, strong1d, people: persons, looks, looks1d } = journey.counters.columns;
    const { words } = journey.counters;
    const ages = columnOf('logAgeHours');
    const totals = journey.totals.columns;
    const rate = relativeTo({ touches: totals.people[0] ?? 0, looks: totals.looks[0] ?? 0 });
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const at = (item[c] ?? 0) * words;
      const last = lastAt[at >> 1] ?? 0;
      const idle = Math.max(0, now - last);
      fades[0] = -idle / HALF_LIVES.touches7d;
      fades[1] = -Math.max(0, now - (impressionsAt[at >> 1] ?? 0)) / DAY;
      exp2Each(fades);
      // One power; the shorter half-lives follow from it by multiplication (7 d = 7 × 1 d = 28 × 6 h …).
      const week = fades[0] ?? 0;
      const day = sixth(week) * week;
      const quarter = (day * day) * (day * day);
      const hour = sixth(quarter); const minutes = sixth(hour);
      const people = persons[at] ?? 0;
      const lastHour = (touches1h[at] ?? 0) * hour;
      const lastDay = (touches1d[at] ?? 0) * day;
      counts[0] = (touches10m[at] ?? 0) * minutes;
      counts[1] = lastHour;
      counts[2] = (touches6h[at] ?? 0) * quarter;
      counts[3] = lastDay;
      counts[4] = (touches7d[at] ?? 0) * week;
      counts[5] = (strong1d[at] ?? 0) * day;
      counts[6] = people;
      counts[7] = last === 0 ? 0 : idle / MINUTE;
      log2pEach(counts);
      for (let i = 0; i < 8; i++) out[to + i] = counts[i] ?? 0;
      out[to + 8] = lastHour / (lastDay + 1);
      out[to + 9] = (counts[6] ?? 0) - (out[ages + c * FEATURES] ?? 0);
      out[to + 10] = rate(people, looks[at] ?? 0);
      const shownLately = (looks1d[at] ?? 0) * (fades[1] ?? 0);
      out[to + 11] = shownLately < 0.01 ? 0 : (lastDay + 1) / (shownLately + 10);
    }
  },
};

/** Kinds with a column of their own: those that rankers return. Another changes every feature set, so it is a decision and not a row. */
export const FEATURE_KINDS: readonly string[] = ['member', 'company', 'article', 'post', 'job', 'group', 'course', 'event'];
const featureKinds: readonly number[] = FEATURE_KINDS.map(kindNumber);

const kinds: FeatureGroup = {
  family: 'item', names: FEATURE_KINDS.map((kind) => `is:${kind}`),
  fill: ({ views, item, size }, out, column) => {
    const { kind } = views.catalog.items.columns;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const own = kind[item[c] ?? 0] ?? 0;
      for (let k = 0; k < featureKinds.length; k++) out[to + k] = featureKinds[k] === own ? 1 : 0;
    }
  },
};

const topics: FeatureGroup = {
  family: 'profile', names: ['declaredTopics', 'sameCompany'],
  fill: ({ viewer, views: { catalog }, item, size }, out, column) => {
    const { data, head } = catalog.termsOf.view;
    const { company: companies } = catalog.items.columns;
    const declaredOnes = viewer.declared.values;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const at = item[c] ?? 0;
      const block = head[at] ?? 0;
      const count = data[block] ?? 0;
      let declared = 0;
      for (let i = 0; i < count; i++) declared += declaredOnes[data[block + 2 + i] ?? 0] ?? 0;
      out[to] = count === 0 ? 0 : declared / Math.sqrt(count);
      out[to + 1] = viewer.company >= 0 && (companies[at] ?? 0) - 1 === viewer.company ? 1 : 0;
    }
  },
};

const interest: FeatureGroup = {
  family: 'sequence', names: ['recentTopics', 'topicShare', 'logTopicShare', 'recentMaker', 'kindShare'],
  fill: ({ viewer, views: { catalog }, item, size }, out, column) => {
    const { data, head } = catalog.termsOf.view;
    const { author, kind } = catalog.items.columns;
    const terms = viewer.terms.values;
    const actors = viewer.actors.values;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const at = item[c] ?? 0;
      const block = head[at] ?? 0;
      const count = data[block] ?? 0;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += terms[data[block + 2 + i] ?? 0] ?? 0;
      const strength = count === 0 ? 0 : sum / Math.sqrt(count);
      const maker = (author[at] ?? 0) - 1;
      out[to] = log2p(strength);
      // The same as a share of everything recent: it does not grow with the length of a journey. Whether anything speaks for a topic says more than how much does.
      const share = strength / (viewer.termWeight + 3);
      out[to + 1] = share;
      out[to + 2] = log2p(30 * share);
      out[to + 3] = maker < 0 ? 0 : log2p(actors[maker] ?? 0);
      out[to + 4] = viewer.kinds[kind[at] ?? 0] ?? 0;
    }
  },
};

/** Who else touches what the viewer touches, and who brings it. */
const company: FeatureGroup = {
  family: 'sequence', names: ['neighbours', 'logNeighbours', 'makerShare', 'logMaker'],
  fill: ({ viewer, views, item, size }, out, column) => {
    const neighbours = viewer.neighbours.values;
    const makers = viewer.makers.values;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const at = item[c] ?? 0;
      const near = neighbours[at] ?? 0;
      const maker = makerOf(views, at);
      const touches = maker < 0 ? 0 : (makers[maker] ?? 0);
      out[to] = near;
      out[to + 1] = log2p(20 * near);
      out[to + 2] = touches / (viewer.makerTouches + 5);
      out[to + 3] = log2p(touches);
    }
  },
};

/** What suits the viewer's habits: their lean times the item's age, place and popularity; and staying near what they just touched. */
const habits: FeatureGroup = {
  family: 'sequence', names: ['ageHabit', 'rankHabit', 'popularityHabit', 'nearLast', 'sessionRank'],
  fill: ({ viewer, views: { catalog }, size }, out, column) => {
    const [ages, ranks, persons] = [columnOf('logAgeHours'), columnOf('logNewer'), columnOf('people')];
    const { habit } = viewer;
    const inSession = viewer.lastItem >= 0 && viewer.idleMs < HOUR;
    const lastRank = inSession ? log2p(catalog.newer(viewer.lastItem)) : 0;
    for (let row = 0, to = column; row < size * FEATURES; row += FEATURES, to += FEATURES) {
      const rank = out[row + ranks] ?? 0;
      out[to] = habit.age * (out[row + ages] ?? 0);
      out[to + 1] = habit.rank * rank;
      out[to + 2] = habit.people * (out[row + persons] ?? 0);
      out[to + 3] = inSession ? -Math.abs(rank - lastRank) : 0;
      out[to + 4] = inSession ? rank : 0;
    }
  },
};

/** How readily the viewer responds to anything; the same for every candidate, so it moves probabilities and not the order. */
const readiness: FeatureGroup = {
  family: 'activity', names: ['viewerRate'],
  fill: ({ viewer, views: { journey }, size }, out, column) => {
    const { looks, touches } = journey.habits.columns;
    const totals = journey.totals.columns;
    const shown = viewer.number < 0 ? 0 : (looks[viewer.number] ?? 0);
    const touched = viewer.number < 0 ? 0 : (touches[viewer.number] ?? 0);
    const rate = relativeTo({ touches: totals.touches[0] ?? 0, looks: totals.looks[0] ?? 0 })(touched, shown);
    for (let c = 0, to = column; c < size; c++, to += FEATURES) out[to] = rate;
  },
};

/** Term → how readily they respond to it; and the same by kind. */
const termRates: Scratch = createScratch();
const kindRates = new Float64Array(ENTITY_KINDS.length);

/** How readily they respond to its kind and its topics, against how readily to anything: what was shown often and left alone says as much as what was touched. */
const liking: FeatureGroup = {
  family: 'activity', names: ['kindRate', 'topicRate', 'bestTopicRate'],
  fill: ({ viewer, views: { catalog }, item, size }, out, column) => {
    const { data, head } = catalog.termsOf.view;
    const { kind } = catalog.items.columns;
    const { shownKinds, likedKinds, shownTerms, anyShown, anyLiked } = viewer;
    const [shown, liked] = [shownTerms.values, viewer.likedTerms.values];
    const rate = relativeTo({ touches: anyLiked, looks: anyShown }, LIKING_PRIOR);
    for (let own = 0; own < kindRates.length; own++) kindRates[own] = rate(likedKinds[own] ?? 0, shownKinds[own] ?? 0);
    // Of a term that was never shown nothing is known: its rate is 0.
    termRates.clear(catalog.terms.size());
    for (let i = 0; i < shownTerms.count; i++) { const term = shownTerms.touched[i] ?? 0; termRates.set(term, rate(liked[term] ?? 0, shown[term] ?? 0)); }
    const rates = termRates.values;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const at = item[c] ?? 0;
      const block = head[at] ?? 0;
      let touches = 0;
      let impressions = 0;
      let best = 0;
      const end = block + 2 + (data[block] ?? 0);
      for (let i = block + 2; i < end; i++) {
        const term = data[i] ?? 0;
        touches += liked[term] ?? 0;
        impressions += shown[term] ?? 0;
        best = Math.max(best, rates[term] ?? 0);
      }
      out[to] = kindRates[kind[at] ?? 0] ?? 0;
      out[to + 1] = rate(touches, impressions);
      out[to + 2] = best;
    }
  },
};

/** 1970 began on a Thursday. */
const FIRST_WEEKDAY = 4;
const MONTH: number = 30 * DAY;
const fillAll = (values: readonly number[], { size, out, column }: { readonly size: number; readonly out: Float32Array; readonly column: number }): void => {
  for (let c = 0, to = column; c < size; c++, to += FEATURES) for (let i = 0; i < values.length; i++) out[to + i] = values[i] ?? 0;
};

/** When the page was asked for, in UTC. The same for every candidate: for a model that reads it together with what an item is. */
const moment: FeatureGroup = {
  family: 'item', names: ['hourSin', 'hourCos', 'weekend'],
  fill: ({ context: { now }, size }, out, column) => {
    const angle = 2 * Math.PI * (now % DAY) / DAY;
    const weekday = (Math.floor(now / DAY) + FIRST_WEEKDAY) % 7;
    fillAll([Math.sin(angle), Math.cos(angle), weekday === 0 || weekday === 6 ? 1 : 0], { size, out, column });
  },
};

/** Where in a visit the viewer is, and how much is known of them. The same for every candidate, as above. */
const visit: FeatureGroup = {
  family: 'sequence', names: ['sinceLast', 'viewerHour', 'viewerDay', 'viewerTouches'],
  fill: ({ viewer, size }, out, column) => {
    const { idleMs, lastHour, lastDay, touches } = viewer;
    fillAll([idleMs < 0 ? 0 : log2p(MONTH / Math.max(idleMs, SECOND)), log2p(lastHour), log2p(lastDay), log2p(touches)], { size, out, column });
  },
};

let fits: Float32Array = new Float32Array(1024);

/** What the journey model says: how close an item is to the viewer's state, -1 to 1. 0 where there is no model or no state. */
const journeyFit: FeatureGroup = {
  family: 'sequence', names: ['journeyFit'],
  fill: ({ viewer: { taste }, item, size }, out, column) => {
    if (fits.length < size) fits = new Float32Array(size * 2);
    if (taste === undefined) fits.fill(0, 0, size);
    else suits(taste, item, { from: 0, to: size, out: fits });
    for (let c = 0, to = column; c < size; c++, to += FEATURES) out[to] = fits[c] ?? 0;
  },
};

const seen: FeatureGroup = {
  family: 'activity', names: ['impressions', 'acted'],
  fill: ({ views: { journey }, seenRow, size }, out, column) => {
    const { impressions, actions } = journey.seen.columns;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const row = seenRow[c] ?? -1;
      out[to] = row < 0 ? 0 : log2p(impressions[row] ?? 0);
      out[to + 1] = row < 0 || (actions[row] ?? 0) === 0 ? 0 : 1;
    }
  },
};

const tie: FeatureGroup = {
  family: 'graph', names: ['tiedToMaker'],
  fill: ({ viewer, views, item, size }, out, column) => {
    const { author } = views.catalog.items.columns;
    const ties = viewer.ties.values;
    for (let c = 0, to = column; c < size; c++, to += FEATURES) {
      const maker = (author[item[c] ?? 0] ?? 0) - 1;
      out[to] = maker >= 0 && viewer.number >= 0 && ties[maker] === 1 ? 1 : 0;
    }
  },
};

/** What brought it: rankers, or somebody who pays, which is written on the card: viewers meet it otherwise than one that came by itself. */
const arrival: FeatureGroup = {
  family: 'item', names: [...POOL.flatMap(({ name }) => [`score:${name}`, `from:${name}`]), 'sponsored'],
  fill: ({ scores, stride, campaign, size }, out, column) => {
    for (let ranker = 0; ranker < POOL.length; ranker++) {
      for (let c = 0, to = column + 2 * ranker; c < size; c++, to += FEATURES) {
        const score = scores[ranker * stride + c] ?? 0;
        out[to] = log2p(score);
        out[to + 1] = score > 0 ? 1 : 0;
      }
    }
    for (let c = 0, to = column + 2 * POOL.length; c < size; c++, to += FEATURES) out[to] = (campaign?.[c] ?? 0) === 0 ? 0 : 1;
  },
};

/**
 * The light head of the journey model, over all that stands before it in the row. It is asked whatever the viewer withholds: what they
 * withhold is 0 in its inputs.
 */
const journeyHead: FeatureGroup = {
  family: 'item', names: ['journeyHead'],
  fill: ({ viewer, views, item, size }, out, column) => {
    const head = views.taste?.head;
    if (head === undefined) for (let c = 0, to = column; c < size; c++, to += FEATURES) out[to] = 0;
    else head.run({ size, item, features: out, stride: FEATURES, state: viewer.taste?.state }, out, column);
  },
};

/** `journeyHead` stays last: it reads the others. */
export const GROUPS: readonly FeatureGroup[] = [age, popularity, kinds, topics, interest, company, habits, readiness, liking, moment, visit, journeyFit, seen, tie, arrival, journeyHead];
/** Columns that the journey model fills; without it they are 0. */
export const JOURNEY_FEATURES: readonly string[] = [...journeyFit.names, ...journeyHead.names];

export const FEATURE_NAMES: readonly string[] = GROUPS.flatMap(({ names }) => names);
/** Their places in a row. */
export const JOURNEY_COLUMNS: readonly number[] = JOURNEY_FEATURES.map((name) => FEATURE_NAMES.indexOf(name));
export const FEATURES: number = FEATURE_NAMES.length;
/** Written once more where a card turns out to be paid for only after it was scored. */
export const SPONSORED: number = FEATURE_NAMES.indexOf('sponsored');
/** Names the definition: a record or a model of another set does not fit this code. */
export const FEATURE_SET: number = hash32(FEATURE_NAMES.join(','));

/** The same as it stands in a model's file. */
export const FEATURE_SET_HASH: string = FEATURE_SET.toString(16).padStart(8, '0');

const isAllowed = (group: FeatureGroup, context: RequestContext): boolean => group.family === 'item' || context.allowed[group.family];

/** Fills `out` (size × FEATURES). */
export const computeFeatures = (input: FeatureInput, out: Float32Array): void => {
  let column = 0;
  for (const group of GROUPS) {
    const width = group.names.length;
    if (isAllowed(group, input.context)) {
      group.fill(input, out, column);
    } else {
      for (let c = 0; c < input.size; c++) out.fill(0, c * FEATURES + column, c * FEATURES + column + width);
    }
    column += width;
  }
};
