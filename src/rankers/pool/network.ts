import { DAY } from '../../core/clock.ts';
import { ACTIONS } from '../../core/registry.ts';
import { STATE } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import { HISTORY_STRIDE } from '../../journey/layout.ts';
import type { Lists } from '../../memory/structures.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import type { RankedList } from '../ranked-list.ts';
import { reasonNumber } from '../reasons.ts';

/** Actors read per page, newest ties first; and how much of each. */
const ACTORS_READ = 300;
const POSTS_READ = 6;
const DEEDS_READ = 12;
const HALF_LIFE_MS: number = 2 * DAY;
const OLDEST_MS: number = 30 * DAY;

/** What a deed of a connection is worth against a post of their own, and how it is said. */
const DEEDS: readonly ({ readonly weight: number; readonly reason: number } | undefined)[] = ACTIONS.map(({ name }) => {
  switch (name) {
    case 'share': return { weight: 0.8, reason: reasonNumber('networkShared') };
    case 'comment': return { weight: 0.6, reason: reasonNumber('networkCommented') };
    case 'like': return { weight: 0.4, reason: reasonNumber('networkLiked') };
    default: return undefined;
  }
});

const POSTED = reasonNumber('networkPosted');
/** Filled anew for each deed: a list copies what it is told. */
const why = { reason: POSTED, actor: -1 };

const readActor = (actor: number, request: RankRequest, into: RankedList): void => {
  const { catalog, journey } = request.views;
  const { createdAt, state } = catalog.items.columns;
  const tie = 1 + (request.viewer.actors.values[actor] ?? 0);
  why.actor = actor;
  why.reason = POSTED;
  const authored = catalog.authored.view;
  const posts = authored.head[actor] ?? 0;
  const lastPost = posts + 2 + (authored.data[posts] ?? 0);
  for (let at = Math.max(posts + 2, lastPost - POSTS_READ); at < lastPost; at++) {
    const item = authored.data[at] ?? 0;
    const age = request.context.now - (createdAt[item] ?? 0);
    if (age < OLDEST_MS) into.add(item, tie * decay(age, HALF_LIFE_MS), why);
  }
  const deeds = journey.activity.view;
  const block = deeds.head[actor] ?? 0;
  const end = block + 2 + (deeds.data[block] ?? 0);
  for (let at = Math.max(block + 2, end - DEEDS_READ * HISTORY_STRIDE); at < end; at += HISTORY_STRIDE) {
    const deed = DEEDS[deeds.data[at + 1] ?? 0];
    const item = deeds.data[at] ?? 0;
    const age = request.context.now - (deeds.data[at + 2] ?? 0) * 1000;
    if (deed === undefined || age >= OLDEST_MS || state[item] !== STATE.alive) continue;
    why.reason = deed.reason;
    into.add(item, tie * deed.weight * decay(age, HALF_LIFE_MS), why);
  }
};

const eachNewest = (lists: Lists, row: number, visit: (value: number) => void): void => {
  const { data, head } = lists.view;
  const block = head[row] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  for (let at = Math.max(block + 2, end - ACTORS_READ); at < end; at++) visit(data[at] ?? 0);
};

/** Posts, shares, comments and likes of the people and companies a member is connected to or follows. Cost: ties × 18 deeds. */
export const network: FirstPassRanker = {
  name: 'network', about: 'posts, shares, comments and likes of your connections and of whom you follow',
  kinds: ['article', 'post', 'job'], signals: ['graph'], limit: 250,
  rank: (request, into) => {
    const { viewer, views: { catalog } } = request;
    const visit = (actor: number): void => { readActor(actor, request, into); };
    eachNewest(catalog.edges.connected.from, viewer.number, visit);
    eachNewest(catalog.edges.follows.from, viewer.number, visit);
  },
};

