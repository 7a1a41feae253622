// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'ml-100k',
  title: 'MovieLens-100K',
  command: 'throughline recipe ml-100k --seeds 3',
  seed: 1,
  data: {
    files: ['ml-100k.inter'],
    sha256: ['4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff'],
    form: 'tab-separated with the header user_id:token item_id:token rating:float timestamp:float; 100,000 events, 943 users, 1,682 items',
    columns: { user: 'user_id', item: 'item_id', time: 'timestamp' },
    publisher: 'GroupLens Research, University of Minnesota; this form by RecBole (RUCAIBox)',
    offeredAt: 'https://github.com/RUCAIBox/RecBole/tree/master/dataset/ml-100k (the ratings themselves: https://grouplens.org/datasets/movielens/100k/)',
    terms: 'GroupLens: research use, no commercial use without permission, acknowledge the source',
  },
  splits: ['leave-one-out', 'global time split'],
  notes: [
    'Most members rate all their films in one session: the split by time tests few of them, and the intervals are wide.',
    'Ratings of every height count as events. Events of one second keep the order of the file.',
  ],
  published: [],
  given: [
    {
      date: '2026-11-21', commit: '8c257a2', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 7', seeds: [1], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0838, low: 0.0838, high: 0.0838 }, 'ndcg@10': { mean: 0.0436, low: 0.0436, high: 0.0436 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.088, low: 0.088, high: 0.088 }, 'ndcg@10': { mean: 0.0471, low: 0.0471, high: 0.0471 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.1739, low: 0.1739, high: 0.1739 }, 'ndcg@10': { mean: 0.0952, low: 0.0952, high: 0.0952 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.2153, low: 0.2153, high: 0.2153 }, 'ndcg@10': { mean: 0.1139, low: 0.1139, high: 0.1139 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.1601, low: 0.1601, high: 0.1601 }, 'ndcg@10': { mean: 0.0847, low: 0.0847, high: 0.0847 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.2036, low: 0.2036, high: 0.2036 }, 'ndcg@10': { mean: 0.1105, low: 0.1105, high: 0.1105 } } },
      ],
    },
    {
      date: '2026-11-21', commit: '8c257a2', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 7', seeds: [1], split: 'global time split',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.046, low: 0.046, high: 0.046 }, 'ndcg@10': { mean: 0.0169, low: 0.0169, high: 0.0169 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.2414, low: 0.2414, high: 0.2414 }, 'ndcg@10': { mean: 0.1483, low: 0.1483, high: 0.1483 } } },
        { model: 'fading popularity', figures: { 'hr@10': { mean: 0.2414, low: 0.2414, high: 0.2414 }, 'ndcg@10': { mean: 0.1437, low: 0.1437, high: 0.1437 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.1034, low: 0.1034, high: 0.1034 }, 'ndcg@10': { mean: 0.0394, low: 0.0394, high: 0.0394 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.1379, low: 0.1379, high: 0.1379 }, 'ndcg@10': { mean: 0.0658, low: 0.0658, high: 0.0658 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.092, low: 0.092, high: 0.092 }, 'ndcg@10': { mean: 0.0475, low: 0.0475, high: 0.0475 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.3218, low: 0.3218, high: 0.3218 }, 'ndcg@10': { mean: 0.1804, low: 0.1804, high: 0.1804 } } },
      ],
    },
  ],
};
