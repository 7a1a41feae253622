/** Cohorts of what the viewer could follow, by their topics and by those that their connections follow. */
import { kindNumber, STATE } from '../catalog/catalog.ts';
import type { EdgeName } from '../catalog/graph.ts';
import type { IndexName } from '../catalog/under-terms.ts';
import { createScratch } from '../memory/scratch.ts';
import { addByTerms } from '../rankers/by-terms.ts';
import { because } from '../rankers/ranked-list.ts';
import type { FirstPassRanker } from '../rankers/ranker.ts';
import type { ReasonCode } from '../rankers/reasons.ts';
import { addThroughConnections, markOwn } from '../rankers/through-connections.ts';

/** Read under each term: the newest, and others drawn for this viewer today. */
const NEWEST = 12;
const DRAWN = 20;
/** What one connection who follows it is worth against a topic of the viewer's. */
const CONNECTION = 0.3;
/** What each doubling of its followers adds. */
const PER_DOUBLING = 0.1;

export interface ByTopic {
  readonly name: string;
  readonly about: string;
  readonly kind: string;
  /** Topic → who is about it. */
  readonly index: IndexName;
  /** What following it makes. */
  readonly edge: EdgeName;
  readonly throughConnections: ReasonCode;
}

const TOPIC_OF_YOURS = because('topicOfYours');
const LIKE_WHAT_YOU_READ = because('likeWhatYouRead');
const LIMIT = 100;
/** What the viewer follows already. Used by one request at a time, for these rankers await nothing. */
const own = createScratch();

/** Cost: at most 768 look-ups by topic and 600 through connections, whatever the inventory. */
export const byTopic = ({ name, about, kind, index, edge, throughConnections }: ByTopic): FirstPassRanker => {
  const number = kindNumber(kind);
  return {
    name, about, kinds: [kind], signals: [], limit: LIMIT,
    rank: (request, into) => {
      const { viewer, views: { catalog } } = request;
      const { state, kind: kinds } = catalog.items.columns;
      const edges = catalog.edges[edge];
      markOwn(request, own, { edge: edges, signal: 'graph' });
      const { data, head } = edges.to.view;
      const worth = (row: number): number =>
        (row === viewer.number || kinds[row] !== number || state[row] !== STATE.alive || own.values[row] === 1 || viewer.ties.values[row] === 1 ? 0 : 1 + PER_DOUBLING * Math.log2(1 + (data[head[row] ?? 0] ?? 0)));
      addByTerms(request, into, {
        lists: catalog.under[index], newest: NEWEST, drawn: DRAWN, worth,
        why: (_row, term) => (viewer.declared.values[term] === 1 ? TOPIC_OF_YOURS : LIKE_WHAT_YOU_READ),
      });
      addThroughConnections(request, into, { edge: edges, reason: throughConnections, worth: (row) => CONNECTION * worth(row) });
    },
  };
};
