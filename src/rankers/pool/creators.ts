import { DAY } from '../../core/clock.ts';
import { STATE } from '../../catalog/catalog.ts';
import { decay } from '../../journey/counters.ts';
import { createScratch } from '../../memory/scratch.ts';
import { addByTerms } from '../by-terms.ts';
import { createRankedList } from '../ranked-list.ts';
import type { FirstPassRanker, RankRequest } from '../ranker.ts';
import { reasonNumber } from '../reasons.ts';

const LIMIT = 40;
/** Read under each term: the newest, and others drawn for this viewer today. */
const NEWEST = 12;
const DRAWN = 12;
/** Of one creator, so that one who writes all day does not fill the list. */
const PER_CREATOR = 2;
/** The best of which the list is made: beyond them nobody is read. */
const CONSIDERED = 400;
const HALF_LIFE_MS: number = 4 * DAY;
/** Impressions at which an item is worth half of what it was unseen; at the square of it a third: whoever nobody has met yet is met. */
const REACH = 64;

const OF_YOURS = reasonNumber('creatorOfYours');
const YOU_READ = reasonNumber('creatorYouRead');
/** Filled anew for each item: a list copies what it is told. */
const why = { reason: OF_YOURS, actor: -1 };
/** Used by one request at a time, for this ranker awaits nothing. */
const found = createRankedList();
const taken = createScratch();

/** What an item of a creator is worth beside its topic: fresh, and not everywhere already. 0 for whom the viewer knows. */
const createWorth = ({ viewer, views: { catalog, journey }, context }: RankRequest) => (item: number): number => {
  const { author, createdAt, creator, state } = catalog.items.columns;
  const by = (author[item] ?? 0) - 1;
  if (by < 0 || by === viewer.number || creator[by] !== 1 || state[by] !== STATE.alive || viewer.ties.values[by] === 1) return 0;
  const shown = journey.counters.columns.impressions[item * journey.counters.words] ?? 0;
  return decay(context.now - (createdAt[item] ?? 0), HALF_LIFE_MS) / (1 + Math.log2(1 + shown) / Math.log2(1 + REACH));
};

/**
 * Posts and articles of creators whom the viewer does not follow, by professional intent: skills and topics of the profile, and what was
 * read lately. A rare topic counts for more than one that all write about, and what few have seen for more than what is everywhere, so that
 * a niche creator is found by those who care for the niche. Cost: at most 576 items, whatever the inventory.
 */
export const creators: FirstPassRanker = {
  name: 'creators', about: 'creators whom you do not follow, who write about your skills, your topics and what you read lately',
  kinds: ['article', 'post'], signals: ['profile'], limit: LIMIT,
  rank: (request, into) => {
    const { viewer, views: { catalog } } = request;
    const { author } = catalog.items.columns;
    const entities = catalog.entities.size();
    found.clear(entities);
    taken.clear(entities);
    addByTerms(request, found, {
      lists: catalog.under.creators, newest: NEWEST, drawn: DRAWN, worth: createWorth(request),
      why: (item, term) => {
        why.reason = viewer.declared.values[term] === 1 ? OF_YOURS : YOU_READ;
        why.actor = (author[item] ?? 0) - 1;
        return why;
      },
    });
    found.finish(CONSIDERED);
    for (let row = 0; row < found.size; row++) {
      const item = found.item[row] ?? 0;
      const by = (author[item] ?? 0) - 1;
      if ((taken.values[by] ?? 0) >= PER_CREATOR) continue;
      taken.add(by, 1);
      why.reason = found.reason[row] ?? OF_YOURS;
      why.actor = by;
      into.add(item, found.score[row] ?? 0, why);
    }
  },
};
