import { DAY } from '../../core/clock.ts';
import { STATE } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import { createScratch } from '../../memory/scratch.ts';
import { rarity, TERMS_READ } from '../by-terms.ts';
import { because, type RankedList } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { addThroughConnections, markOwn } from '../through-connections.ts';

/** Read under each term: those that begin next, and the newest of those that do not say when. */
const NEXT = 16;
const UNDATED = 4;
/** The longer until it begins, the less it is worth; one without a date fades from the day on which it was announced. */
const HALF_LIFE_MS: number = 21 * DAY;
const UNDATED_WORTH = 0.5;
const HEAVIEST = 2;
/** What a connection who goes is worth against a topic of the viewer's. */
const CONNECTION = 0.4;

const TOPIC_OF_YOURS = because('topicOfYours');
const LIKE_WHAT_YOU_READ = because('likeWhatYouRead');
/** Events that the viewer attends. Used by one request at a time, for this ranker awaits nothing. */
const own = createScratch();

/** What an event is worth by when it is: 0 where it is over or the viewer goes already. */
const createWorth = ({ views: { catalog }, context }: RankRequest) => (event: number): number => {
  const { createdAt, startsAt, state } = catalog.items.columns;
  if (state[event] !== STATE.alive || own.values[event] === 1) return 0;
  const begins = (startsAt[event] ?? 0) * 1000;
  if (begins === 0) return UNDATED_WORTH * decay(context.now - (createdAt[event] ?? 0), HALF_LIFE_MS);
  return begins <= context.now ? 0 : decay(begins - context.now, HALF_LIFE_MS);
};

/** The first event under a term, by place in the index, that begins later than these seconds. */
const firstAfter = ({ views: { catalog } }: RankRequest, block: number, seconds: number): number => {
  const { data } = catalog.under.event.view;
  const { startsAt } = catalog.items.columns;
  let low = block + 2;
  let high = block + 2 + (data[block] ?? 0);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((startsAt[data[middle] ?? 0] ?? 0) <= seconds) low = middle + 1; else high = middle;
  }
  return low;
};

const addByTopic = (request: RankRequest, into: RankedList, worth: (event: number) => number): void => {
  const { viewer, views: { catalog }, context } = request;
  const { data, head } = catalog.under.event.view;
  const { touched, values, count } = viewer.terms;
  const now = Math.floor(context.now / 1000);
  for (let i = 0; i < Math.min(TERMS_READ, count); i++) {
    const term = touched[i] ?? 0;
    const block = head[term] ?? 0;
    const end = block + 2 + (data[block] ?? 0);
    if (end === block + 2) continue;
    const weight = Math.min(HEAVIEST, values[term] ?? 0) * rarity(end - block - 2);
    const why = viewer.declared.values[term] === 1 ? TOPIC_OF_YOURS : LIKE_WHAT_YOU_READ;
    const add = (from: number, to: number): void => {
      for (let at = from; at < to; at++) {
        const event = data[at] ?? 0;
        const value = weight * worth(event);
        if (value > 0) into.add(event, value, why);
      }
    };
    const dated = firstAfter(request, block, 0);
    add(Math.max(block + 2, dated - UNDATED), dated);
    const next = firstAfter(request, block, now);
    add(next, Math.min(end, next + NEXT));
  }
};

/** Events to come about the viewer's topics and skills, and those that their connections attend, the soonest first. Cost: at most 480 look-ups and 24 x 2 searches of a thousand, and 600 through connections, whatever the inventory. */
export const events: FirstPassRanker = {
  name: 'events', about: 'events to come about your topics and skills, and those that your connections attend',
  kinds: ['event'], signals: [], limit: 20,
  rank: (request, into) => {
    const { attends } = request.views.catalog.edges;
    markOwn(request, own, { edge: attends, signal: 'activity' });
    const worth = createWorth(request);
    addByTopic(request, into, worth);
    addThroughConnections(request, into, { edge: attends, reason: 'connectionsAttend', worth: (event) => CONNECTION * worth(event) });
  },
};
