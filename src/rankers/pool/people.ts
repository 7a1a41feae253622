import { STATE } from '../../catalog/catalog.ts';
import { createScratch, type Scratch } from '../../memory/scratch.ts';
import { addThroughSkills } from '../adjacent.ts';
import { because } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';

/** Connections asked, and connections of each: the newest ones. */
const FIRST = 60;
const SECOND = 60;
const LIMIT = 40;
const COLLEAGUE = 1.5;
/** What somebody is worth who has a skill that wholly follows from one of the viewer's: less than a friend in common who has ten. */
const ADJACENT = 0.2;

type Visit = (friends: { readonly friend: number; readonly weight: number; readonly from: number; readonly to: number }) => void;

/** Each friend with the weight of their friendship and where their own newest friends stand. */
const eachFriend = ({ viewer, views: { catalog } }: RankRequest, visit: Visit): void => {
  const { data, head } = catalog.edges.connected.from.view;
  const own = head[viewer.number] ?? 0;
  const end = own + 2 + (data[own] ?? 0);
  for (let at = Math.max(own + 2, end - FIRST); at < end; at++) {
    const friend = data[at] ?? 0;
    const block = head[friend] ?? 0;
    const degree = data[block] ?? 0;
    const to = block + 2 + degree;
    visit({ friend, weight: 1 / Math.log2(2 + degree), from: Math.max(block + 2, to - SECOND), to });
  }
};

/** Candidate → score; used by one request at a time, for this ranker awaits nothing. */
const scores: Scratch = createScratch();
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
 * People the viewer may know: friends of friends by Adamic-Adar (2003), colleagues first; then those who have skills adjacent to the
 * viewer's. Cost: at most 3,600 look-ups, twice, and 2,304 through skills: scores alone are summed first, and only those who pass get a
 * place in the list, a reason and the names of friends.
 */
export const people: FirstPassRanker = {
  name: 'people', about: 'people you may know: friends of friends, colleagues first, and people with adjacent skills',
  kinds: ['member'], signals: ['graph'], limit: LIMIT,
  rank: (request, into) => {
    const { viewer, views: { catalog } } = request;
    const { data } = catalog.edges.connected.from.view;
    const { state, company } = catalog.items.columns;
    const ties = viewer.ties.values;
    const factor = (candidate: number): number => (viewer.company >= 0 && (company[candidate] ?? 0) - 1 === viewer.company ? COLLEAGUE : 1);
    scores.clear(catalog.entities.size());
    eachFriend(request, ({ weight, from, to }) => {
      for (let at = from; at < to; at++) {
        const candidate = data[at] ?? 0;
        if (candidate === viewer.number || state[candidate] !== STATE.alive || ties[candidate] === 1) continue;
        scores.add(candidate, weight * factor(candidate));
      }
    });
    const needed = bar(scores);
    const { values } = scores;
    eachFriend(request, ({ friend, weight, from, to }) => {
      const why = because('mutualConnections', friend);
      for (let at = from; at < to; at++) {
        const candidate = data[at] ?? 0;
        const score = values[candidate] ?? 0;
        if (score > 0 && score >= needed) into.add(candidate, weight * factor(candidate), why);
      }
    });
    const isStranger = (candidate: number): boolean => candidate !== viewer.number && state[candidate] === STATE.alive && ties[candidate] !== 1;
    addThroughSkills(request, into, { carriers: catalog.under.held, reason: 'adjacentSkillOf', worth: (candidate) => (isStranger(candidate) ? ADJACENT : 0) });
  },
};
