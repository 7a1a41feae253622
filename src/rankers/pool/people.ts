import { STATE } from '../../catalog/catalog.ts';
import { because } from '../ranked-list.ts';
import type { FirstPassRanker } from '../ranker.ts';

/** Connections asked, and connections of each: the newest ones. */
const FIRST = 60;
const SECOND = 60;

/** People the viewer may know: friends of friends by Adamic-Adar (2003), colleagues first. Cost: at most 3,600 look-ups. */
export const people: FirstPassRanker = {
  name: 'people', about: 'people you may know: friends of friends, colleagues first',
  kinds: ['member'], signals: ['graph'], limit: 40,
  rank: ({ viewer, views: { catalog } }, into) => {
    const { data, head } = catalog.connections.view;
    const { state, company } = catalog.items.columns;
    const ties = viewer.ties.values;
    const own = head[viewer.number] ?? 0;
    const ownEnd = own + 2 + (data[own] ?? 0);
    for (let at = Math.max(own + 2, ownEnd - FIRST); at < ownEnd; at++) {
      const friend = data[at] ?? 0;
      const block = head[friend] ?? 0;
      const degree = data[block] ?? 0;
      const weight = 1 / Math.log2(2 + degree);
      const why = because('mutualConnections', friend);
      for (let other = Math.max(block + 2, block + 2 + degree - SECOND); other < block + 2 + degree; other++) {
        const candidate = data[other] ?? 0;
        if (candidate === viewer.number || state[candidate] !== STATE.alive || ties[candidate] === 1) continue;
        const isColleague = viewer.company >= 0 && (company[candidate] ?? 0) - 1 === viewer.company;
        into.add(candidate, weight * (isColleague ? 1.5 : 1), why);
      }
    }
  },
};
