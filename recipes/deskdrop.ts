// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'deskdrop',
  title: 'CI&T Deskdrop',
  command: 'throughline recipe deskdrop --seeds 3',
  seed: 1,
  data: {
    files: ['users_interactions.csv'],
    sha256: ['9a91ed71bd8fea72634fb52ffe8a5686a72b9912f31353df7015ae3124c909a9', '41e39ec53570c18aad1eb347eb3225237d58665811b5d23fa3d24cc81ea7862f'],
    form: 'comma-separated with a header; 72,312 events (views, likes, bookmarks, comments, follows), 1,895 people, 2,987 articles',
    columns: { user: 'personId', item: 'contentId', time: 'timestamp', action: 'eventType' },
    publisher: 'CI&T; Kaggle, Gabriel Moreira',
    offeredAt: 'https://www.kaggle.com/datasets/gspmoreira/articles-sharing-reading-from-cit-deskdrop (users_interactions.csv)',
    terms: 'ODbL 1.0',
  },
  splits: ['leave-one-out', 'global time split'],
  notes: [
    'Predicted is the next article that is new to the person, whatever the action. Articles are news: of 4,448 first reads from the cut-off of the split by time on, 479 are of articles that were there before it, and only such are asked for; what a model does with fresh articles is not measured here.',
  ],
  published: [],
  given: [
    {
      date: '2026-11-21', commit: '8c257a2', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 9', seeds: [1], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0236, low: 0.0236, high: 0.0236 }, 'ndcg@10': { mean: 0.0092, low: 0.0092, high: 0.0092 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.6843, low: 0.6843, high: 0.6843 }, 'ndcg@10': { mean: 0.4598, low: 0.4598, high: 0.4598 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.235, low: 0.235, high: 0.235 }, 'ndcg@10': { mean: 0.1345, low: 0.1345, high: 0.1345 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.2307, low: 0.2307, high: 0.2307 }, 'ndcg@10': { mean: 0.1273, low: 0.1273, high: 0.1273 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.2386, low: 0.2386, high: 0.2386 }, 'ndcg@10': { mean: 0.1391, low: 0.1391, high: 0.1391 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.2914, low: 0.2914, high: 0.2914 }, 'ndcg@10': { mean: 0.1618, low: 0.1618, high: 0.1618 } } },
      ],
    },
    {
      date: '2026-11-21', commit: '8c257a2', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 9', seeds: [1], split: 'global time split',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0121, low: 0.0121, high: 0.0121 }, 'ndcg@10': { mean: 0.004, low: 0.004, high: 0.004 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.2863, low: 0.2863, high: 0.2863 }, 'ndcg@10': { mean: 0.1444, low: 0.1444, high: 0.1444 } } },
        { model: 'fading popularity', figures: { 'hr@10': { mean: 0.1694, low: 0.1694, high: 0.1694 }, 'ndcg@10': { mean: 0.0766, low: 0.0766, high: 0.0766 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0524, low: 0.0524, high: 0.0524 }, 'ndcg@10': { mean: 0.0291, low: 0.0291, high: 0.0291 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0927, low: 0.0927, high: 0.0927 }, 'ndcg@10': { mean: 0.0419, low: 0.0419, high: 0.0419 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.0887, low: 0.0887, high: 0.0887 }, 'ndcg@10': { mean: 0.048, low: 0.048, high: 0.048 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.1815, low: 0.1815, high: 0.1815 }, 'ndcg@10': { mean: 0.0926, low: 0.0926, high: 0.0926 } } },
      ],
    },
  ],
};
