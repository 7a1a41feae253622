// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'grocery',
  title: 'Amazon Grocery and Gourmet Food, with times',
  command: 'throughline recipe grocery --seeds 3',
  seed: 1,
  data: {
    files: ['train.csv'],
    sha256: ['75847958fbcfec35dd0a20bda43432c22a5d7e5b5fe571fef0b25ff580b475f4'],
    form: 'tab-separated with the header user_id item_id time; 121,892 events, 14,681 users, 8,687 items',
    columns: { user: 'user_id', item: 'item_id', time: 'time' },
    publisher: 'J. McAuley, UCSD (Amazon reviews 1996-2014); this form by the authors of ReChorus (SIGIR 2020)',
    offeredAt: 'https://github.com/THUwangcy/ReChorus/tree/master/data/Grocery_and_Gourmet_Food',
    terms: 'MIT (repository); the reviews are offered for research',
  },
  splits: ['leave-one-out', 'global time split'],
  notes: [
    'The training part of the published set: the last two events of every user are in other files, and the published figures (99 sampled items, full set) do not compare.',
    'Times are days.',
  ],
  published: [],
  given: [],
};
