import { kindNumber, STATE } from '../../catalog/catalog.ts';
import type { EdgeName } from '../../catalog/graph.ts';
import { createScratch, type Scratch } from '../../memory/scratch.ts';
import { addThroughSkills } from '../adjacent.ts';
import { because, type RankedList } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import type { ReasonCode } from '../reasons.ts';
import { suits } from '../taste.ts';
import type { ViewerTaste } from '../viewer.ts';

/** Connections asked, and connections of each: the newest ones. */
const FIRST = 60;
const SECOND = 60;
/** Employers, schools and groups of one person that are looked at, of each kind, and people of each of them: the newest ones. */
const PLACES = 8;
const OF_PLACE = 30;
export const LIMIT = 40;

/**
 * What things in common add to the log-odds that two people know each other. Learned by logistic regression from ties hidden in two public
 * graphs whose members have something else in common too (bench/RESULTS.md, "People you may know, in the feed"): e-mail inside an institute with
 * departments, which stand for employers, and friendships on a music service with small audiences, which stand for groups. Of friends in
 * common it is the mean of both graphs. Nothing there stands for a school; it is taken to say as much as a group.
 */
export const WEIGHTS = {
  /** A connection in common, over log2(2 + its connections) (Adamic, Adar 2003). */
  friend: 0.65,
  /** And over 1 + its connections (resource allocation; Zhou, Lü, Zhang 2009): whom few know, says more. */
  closeFriend: 5.7,
  employer: 1.56,
  school: 0.71,
  group: 0.71,
  /** A skill that wholly follows from one of the viewer's. Not learned: set below a connection in common who has ten of them, 0.70. */
  adjacentSkill: 0.5,
  /**
   * The cosine of both profiles' vectors by the journey model, less its mean over those who pass. Learned in a generated world, in the measure of the
   * others; the least of what three models taught, for some spread their vectors more than others. The state of the viewer says less.
   */
  embedding: 4.9,
} as const;

interface Place { readonly edge: EdgeName; readonly weight: number; readonly reason: ReasonCode; /** What the viewer says of themselves, and may withhold. */ readonly isProfile: boolean }
const PLACES_SHARED: readonly Place[] = [
  { edge: 'workedAt', weight: WEIGHTS.employer, reason: 'sameCompany', isProfile: true },
  { edge: 'studiedAt', weight: WEIGHTS.school, reason: 'sameSchool', isProfile: true },
  { edge: 'belongsTo', weight: WEIGHTS.group, reason: 'sameGroup', isProfile: false },
];
const PLACE_REASONS = PLACES_SHARED.map(({ reason }) => because(reason));

type Visit = (friends: { readonly friend: number; readonly weight: number; readonly from: number; readonly to: number }) => void;

/** Each friend with what one in common with them adds, and where their own newest friends stand. */
const eachFriend = ({ viewer, views: { catalog } }: RankRequest, visit: Visit): void => {
  const { data, head } = catalog.edges.connected.from.view;
  const own = head[viewer.number] ?? 0;
  const end = own + 2 + (data[own] ?? 0);
  for (let at = Math.max(own + 2, end - FIRST); at < end; at++) {
    const friend = data[at] ?? 0;
    const block = head[friend] ?? 0;
    const degree = data[block] ?? 0;
    const to = block + 2 + degree;
    visit({ friend, weight: WEIGHTS.friend / Math.log2(2 + degree) + WEIGHTS.closeFriend / (1 + degree), from: Math.max(block + 2, to - SECOND), to });
  }
};

/** Candidate → score, and place → 1 + the row of PLACES_SHARED by which the viewer is there; used by one request at a time, for this ranker awaits nothing. */
const scores: Scratch = createScratch();
const places: Scratch = createScratch();
/** The rows of PLACES_SHARED in which the viewer has any place: the others are not asked of candidates. */
const rows: number[] = [];
const best = new Float32Array(LIMIT);

/** The LIMIT-th best score, or 0 where there are fewer. */
const bar = ({ touched, values, count }: Scratch): number => {
  best.fill(0);
  for (let i = 0; i < count; i++) {
    const score = values[touched[i] ?? 0] ?? 0;
    if (score <= (best[LIMIT - 1] ?? 0)) continue;
    let at = LIMIT - 1;
    for (; at > 0 && (best[at - 1] ?? 0) < score; at--) best[at] = best[at - 1] ?? 0;
    best[at] = score;
  }
  return best[LIMIT - 1] ?? 0;
};

/**
 * Candidate who passes → what their score is multiplied by, 1 where nothing else is known: each part keeps its share of the score, and the largest
 * its reason. Vectors find nobody: they order those whom something in common has found, none below whom an adjacent skill alone finds.
 */
const times: Scratch = createScratch();
let cosines: Float32Array = new Float32Array(256);

const passBest = (entities: number): void => {
  const needed = bar(scores);
  const { touched, values, count } = scores;
  times.clear(entities);
  for (let i = 0; i < count; i++) {
    const candidate = touched[i] ?? 0;
    const score = values[candidate] ?? 0;
    if (score > 0 && score >= needed) times.set(candidate, 1);
  }
};

/** Who is more like the viewer than the mean of those who pass gains what others lose; who has no vector does neither. */
const weighByTaste = (taste: ViewerTaste, viewer: number): void => {
  const { touched, values, count } = times;
  if (cosines.length < count) cosines = new Float32Array(2 * count);
  // The vector of their own profile in the place of their state.
  suits({ ...taste, state: taste.vectors.subarray(viewer * taste.width, (viewer + 1) * taste.width) }, touched, { from: 0, to: count, out: cosines });
  let [sum, known] = [0, 0];
  for (let i = 0; i < count; i++) {
    const cosine = cosines[i] ?? 0;
    sum += cosine;
    if (cosine !== 0) known++;
  }
  for (let i = 0; i < count; i++) {
    const candidate = touched[i] ?? 0;
    const cosine = cosines[i] ?? 0;
    if (cosine === 0) continue;
    const score = scores.values[candidate] ?? 1;
    values[candidate] = Math.max(Math.min(1, WEIGHTS.adjacentSkill / score), 1 + WEIGHTS.embedding * (cosine - sum / known) / score);
  }
};

/** The viewer's own employers, schools and groups, as far as they let them be used. */
const markPlaces = ({ viewer, views: { catalog }, context: { allowed } }: RankRequest): void => {
  places.clear(catalog.entities.size());
  rows.length = 0;
  PLACES_SHARED.forEach(({ edge, isProfile }, row) => {
    if (isProfile && !allowed.profile) return;
    const { data, head } = catalog.edges[edge].from.view;
    const own = head[viewer.number] ?? 0;
    const end = own + 2 + (data[own] ?? 0);
    if (end > own + 2) rows.push(row);
    for (let at = Math.max(own + 2, end - PLACES); at < end; at++) places.set(data[at] ?? 0, row + 1);
  });
};

/** What places in common add for a candidate; with a list, they are added to it, each so many `times` and with its reason. */
const sharedBy = ({ views: { catalog } }: RankRequest, candidate: number, into?: RankedList): number => {
  let sum = 0;
  for (const row of rows) {
    const shared = PLACES_SHARED[row];
    const why = PLACE_REASONS[row];
    if (shared === undefined || why === undefined) continue;
    const { data, head } = catalog.edges[shared.edge].from.view;
    const block = head[candidate] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = Math.max(block + 2, end - PLACES); at < end; at++) {
      if (places.values[data[at] ?? 0] !== row + 1) continue;
      sum += shared.weight;
      into?.add(candidate, shared.weight * (times.values[candidate] ?? 0), why);
    }
  }
  return sum;
};

/** The newest people of each of the viewer's places. */
const eachAtPlaces = ({ views: { catalog } }: RankRequest, visit: (candidate: number) => void): void => {
  for (let i = 0; i < places.count; i++) {
    const place = places.touched[i] ?? 0;
    const shared = PLACES_SHARED[(places.values[place] ?? 0) - 1];
    if (shared === undefined) continue;
    const { data, head } = catalog.edges[shared.edge].to.view;
    const block = head[place] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = Math.max(block + 2, end - OF_PLACE); at < end; at++) visit(data[at] ?? 0);
  }
};

const MEMBER = kindNumber('member');

/**
 * People the viewer may know: friends of friends, and people of the viewer's employers, schools and groups, by the weights above, put in order by
 * their vectors where a journey model serves; then those who have skills adjacent to the viewer's. Cost: at most 3,600 look-ups, twice, 720 through
 * places, 24 places looked at of each of those found, a product of two vectors for each who passes, and 2,304 look-ups through skills, whatever the
 * network's size: scores alone are summed first, and only those who pass get a place in the list, a reason and the names of friends.
 */
export const people: FirstPassRanker = {
  name: 'people', about: 'people you may know: friends of friends, people of the same employer, school or group, and people with adjacent skills',
  kinds: ['member'], signals: ['graph'], limit: LIMIT,
  rank: (request, into) => {
    const { viewer, views: { catalog } } = request;
    const { data } = catalog.edges.connected.from.view;
    const { state, kind } = catalog.items.columns;
    const ties = viewer.ties.values;
    const isStranger = (candidate: number): boolean => candidate !== viewer.number && state[candidate] === STATE.alive && ties[candidate] !== 1 && kind[candidate] === MEMBER;
    scores.clear(catalog.entities.size());
    markPlaces(request);
    eachFriend(request, ({ weight, from, to }) => { for (let at = from; at < to; at++) scores.add(data[at] ?? 0, weight); });
    // Asked once of each candidate, not once for each friend in common: what is 0 is nobody.
    for (let i = 0, among = scores.count; i < among; i++) {
      const candidate = scores.touched[i] ?? 0;
      if (isStranger(candidate)) scores.add(candidate, sharedBy(request, candidate));
      else scores.set(candidate, 0);
    }
    eachAtPlaces(request, (candidate) => { if ((scores.values[candidate] ?? 0) === 0 && isStranger(candidate)) scores.add(candidate, sharedBy(request, candidate)); });
    passBest(catalog.entities.size());
    // Vectors are of profiles: who withholds theirs is not compared by it.
    if (viewer.taste !== undefined && request.context.allowed.profile) weighByTaste(viewer.taste, viewer.number);
    const { values, touched } = times;
    eachFriend(request, ({ friend, weight, from, to }) => {
      const why = because('mutualConnections', friend);
      for (let at = from; at < to; at++) {
        const candidate = data[at] ?? 0;
        const counted = values[candidate] ?? 0;
        if (counted > 0) into.add(candidate, weight * counted, why);
      }
    });
    for (let i = 0; i < times.count; i++) sharedBy(request, touched[i] ?? 0, into);
    addThroughSkills(request, into, { carriers: catalog.under.held, reason: 'adjacentSkillOf', worth: (candidate) => (isStranger(candidate) ? WEIGHTS.adjacentSkill : 0) });
  },
};
