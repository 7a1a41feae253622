import { DAY } from '../../core/clock.ts';
import { kindNumber, STATE } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import { SLOTS } from '../../journey/hot.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { because, type RankedList } from '../ranked-list.ts';

const NEWEST_READ = 150;
const PER_TERM = 20;
const TERMS_READ = 24;
const HALF_LIFE_MS: number = 2 * DAY;
const ARTICLE = kindNumber('article');

const RECENT = because('recent');
const POPULAR_NOW = because('popularNow');
const TOPIC_OF_YOURS = because('topicOfYours');
const LIKE_WHAT_YOU_READ = because('likeWhatYouRead');

const addNewest = ({ views: { catalog }, context }: RankRequest, into: RankedList): void => {
  const { data, head } = catalog.timeline.view;
  const { createdAt } = catalog.items.columns;
  const block = head[1 + ARTICLE] ?? 0;
  const end = block + 2 + (data[block] ?? 0);
  for (let at = Math.max(block + 2, end - NEWEST_READ); at < end; at++) {
    const item = data[at] ?? 0;
    into.add(item, decay(context.now - (createdAt[item] ?? 0), HALF_LIFE_MS), RECENT);
  }
};

const addHot = ({ views: { catalog, journey }, context }: RankRequest, into: RankedList): void => {
  const items = journey.hot.items();
  const { kind, state } = catalog.items.columns;
  for (let slot = 0; slot < SLOTS; slot++) {
    const item = (items[slot] ?? 0) - 1;
    if (item < 0 || kind[item] !== ARTICLE || state[item] !== STATE.alive) continue;
    const level = journey.hot.logCount(slot, context.now);
    if (level > 0) into.add(item, 0.3 * level, POPULAR_NOW);
  }
};

const addByTerm = ({ viewer, views: { catalog }, context }: RankRequest, into: RankedList): void => {
  const { data, head } = catalog.under.article.view;
  const { createdAt } = catalog.items.columns;
  const { touched, values, count } = viewer.terms;
  for (let i = 0; i < Math.min(TERMS_READ, count); i++) {
    const term = touched[i] ?? 0;
    const weight = Math.min(2, values[term] ?? 0);
    const block = head[term] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    for (let at = Math.max(block + 2, end - PER_TERM); at < end; at++) {
      const item = data[at] ?? 0;
      into.add(item, 0.5 * weight * decay(context.now - (createdAt[item] ?? 0), HALF_LIFE_MS), TOPIC_OF_YOURS);
    }
  }
};

const addNeighbours = ({ viewer, views: { catalog } }: RankRequest, into: RankedList): void => {
  const { kind, state } = catalog.items.columns;
  const { touched, values, count } = viewer.neighbours;
  for (let i = 0; i < count; i++) {
    const item = touched[i] ?? 0;
    if (kind[item] === ARTICLE && state[item] === STATE.alive) into.add(item, 2 * (values[item] ?? 0), LIKE_WHAT_YOU_READ);
  }
};

/** Articles that are new, read by many now, about the viewer's topics, or read by those who read the same. Cost: at most about 1,800 look-ups whatever the inventory. */
export const news: FirstPassRanker = {
  name: 'news', about: 'articles: new, popular now, about your topics, close to what you read',
  kinds: ['article'], signals: [], limit: 250,
  rank: (request, into) => {
    addNewest(request, into);
    addHot(request, into);
    addByTerm(request, into);
    addNeighbours(request, into);
  },
};
