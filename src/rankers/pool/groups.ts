import { STATE } from '../../catalog/catalog.ts';
import { createScratch } from '../../memory/scratch.ts';
import { addByTerms } from '../by-terms.ts';
import { because } from '../ranked-list.ts';
import type { FirstPassRanker } from '../ranker.ts';
import { addThroughConnections, markOwn } from '../through-connections.ts';

const NEWEST = 8;
const DRAWN = 16;
/** What a connection in a group is worth against a topic of the viewer's. */
const CONNECTION = 0.3;
/** What each doubling of its members adds to what a group is worth: people are what it is for. */
const PER_DOUBLING = 0.1;

const TOPIC_OF_YOURS = because('topicOfYours');
const LIKE_WHAT_YOU_READ = because('likeWhatYouRead');
/** Groups that the viewer is in. Used by one request at a time, for this ranker awaits nothing. */
const own = createScratch();

/** Groups about the viewer's topics and skills, and those that their connections are in. Cost: at most 576 look-ups, and 600 through connections, whatever the inventory. */
export const groups: FirstPassRanker = {
  name: 'groups', about: 'groups about your topics and skills, and those that your connections are in',
  kinds: ['group'], signals: [], limit: 20,
  rank: (request, into) => {
    const { viewer, views: { catalog } } = request;
    const { state } = catalog.items.columns;
    const { belongsTo } = catalog.edges;
    markOwn(request, own, { edge: belongsTo, signal: 'graph' });
    const { data, head } = belongsTo.to.view;
    const worth = (group: number): number =>
      (state[group] !== STATE.alive || own.values[group] === 1 ? 0 : 1 + PER_DOUBLING * Math.log2(1 + (data[head[group] ?? 0] ?? 0)));
    addByTerms(request, into, {
      lists: catalog.under.group, newest: NEWEST, drawn: DRAWN, worth,
      why: (_group, term) => (viewer.declared.values[term] === 1 ? TOPIC_OF_YOURS : LIKE_WHAT_YOU_READ),
    });
    addThroughConnections(request, into, { edge: belongsTo, reason: 'connectionsBelong', worth: (group) => CONNECTION * worth(group) });
  },
};
