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
  given: [],
};
