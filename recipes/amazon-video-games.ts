// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'amazon-video-games',
  title: 'Amazon Video Games, SASRec file',
  command: 'throughline recipe amazon-video-games --seeds 3',
  seed: 1,
  data: {
    files: ['Video.txt'],
    sha256: ['b7376fe24430743f411dc7f567285657b2adb3f74361cc7ba0aee94f3024b651'],
    form: '"user item" a line, each user in time order; 287,107 events, 31,013 users, 23,715 items',
    publisher: 'J. McAuley, UCSD (Amazon reviews 1996-2014); this form by Kang and McAuley (SASRec, ICDM 2018)',
    offeredAt: 'https://github.com/kang205/SASRec/blob/master/data/Video.txt',
    terms: 'Apache-2.0 (repository); the reviews are offered for research',
  },
  splits: ['leave-one-out'],
  notes: [
    'Users and items that occur once are in the file; members with fewer than three events are only learned from.',
    'No figure with full ranking was found for this file; those of the SASRec paper rank among 100 sampled items and do not compare.',
    'There are no times in the file: no model is told when the predicted event happens.',
  ],
  published: [],
  given: [],
};
