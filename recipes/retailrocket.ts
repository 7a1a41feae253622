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
  given: [],
};
