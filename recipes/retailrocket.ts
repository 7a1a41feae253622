// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'retailrocket',
  title: 'RetailRocket, active buyers',
  command: 'throughline recipe retailrocket --seeds 3',
  seed: 1,
  data: {
    files: ['events.csv'],
    sha256: ['44e06e95d69d527794f7afa36e90e0ef60e313f6737afc96809ac9e8453c4902'],
    form: 'comma-separated with the header user_id,item_id,action,timestamp, by user, time and action; 97,381 events (views, carts, purchases), 2,174 users, 30,113 items',
    columns: { user: 'user_id', item: 'item_id', time: 'timestamp', action: 'action' },
    publisher: 'Retail Rocket; cut to active buyers by the authors of MB-GMN and CML (HKUDS)',
    offeredAt: 'https://github.com/HKUDS/SSLRec/tree/main/datasets/multi_behavior/retail_rocket (train_mat_view.pkl, train_mat_cart.pkl and train_mat_buy.pkl, written as one table; the log itself: https://www.kaggle.com/datasets/retailrocket/ecommerce-dataset)',
    terms: 'CC BY-NC-SA 4.0',
  },
  splits: ['leave-one-out', 'global time split'],
  notes: [
    'One event for each member, item and action; the held-out purchase of the makers of this cut is in none of its events and is not used. Predicted is the next item that is new to the member, whatever the action.',
    'Figures published on this cut rank among 99 sampled items and do not compare.',
  ],
  published: [],
  given: [
    {
      date: '2026-11-21', commit: '8c257a2', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 9', seeds: [1], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0109, low: 0.0109, high: 0.0109 }, 'ndcg@10': { mean: 0.0055, low: 0.0055, high: 0.0055 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.0073, low: 0.0073, high: 0.0073 }, 'ndcg@10': { mean: 0.0049, low: 0.0049, high: 0.0049 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0778, low: 0.0778, high: 0.0778 }, 'ndcg@10': { mean: 0.0446, low: 0.0446, high: 0.0446 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0863, low: 0.0863, high: 0.0863 }, 'ndcg@10': { mean: 0.0515, low: 0.0515, high: 0.0515 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.0432, low: 0.0432, high: 0.0432 }, 'ndcg@10': { mean: 0.0269, low: 0.0269, high: 0.0269 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.0857, low: 0.0857, high: 0.0857 }, 'ndcg@10': { mean: 0.0504, low: 0.0504, high: 0.0504 } } },
      ],
    },
    {
      date: '2026-11-21', commit: '8c257a2', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 9', seeds: [1], split: 'global time split',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0158, low: 0.0158, high: 0.0158 }, 'ndcg@10': { mean: 0.0093, low: 0.0093, high: 0.0093 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.0211, low: 0.0211, high: 0.0211 }, 'ndcg@10': { mean: 0.009, low: 0.009, high: 0.009 } } },
        { model: 'fading popularity', figures: { 'hr@10': { mean: 0.0053, low: 0.0053, high: 0.0053 }, 'ndcg@10': { mean: 0.0033, low: 0.0033, high: 0.0033 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0158, low: 0.0158, high: 0.0158 }, 'ndcg@10': { mean: 0.0051, low: 0.0051, high: 0.0051 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0105, low: 0.0105, high: 0.0105 }, 'ndcg@10': { mean: 0.0049, low: 0.0049, high: 0.0049 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.0053, low: 0.0053, high: 0.0053 }, 'ndcg@10': { mean: 0.0053, low: 0.0053, high: 0.0053 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.0105, low: 0.0105, high: 0.0105 }, 'ndcg@10': { mean: 0.0105, low: 0.0105, high: 0.0105 } } },
      ],
    },
  ],
};
