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
  given: [],
};
