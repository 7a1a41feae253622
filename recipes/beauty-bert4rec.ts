// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'beauty-bert4rec',
  title: 'Amazon Beauty, BERT4Rec file',
  command: 'throughline recipe beauty-bert4rec --seeds 3',
  seed: 1,
  data: {
    files: ['beauty.txt'],
    sha256: ['f480b7a7403852342ffd8f9809bb30697dd669be31813d0e204b698fec86ef49'],
    form: '"user item" a line, each user in time order; 353,962 events, 40,226 users, 54,542 items',
    publisher: 'J. McAuley, UCSD (Amazon reviews 1996-2014); this form by Sun et al. (BERT4Rec, CIKM 2019)',
    offeredAt: 'https://github.com/FeiSun/BERT4Rec/blob/master/data/beauty.txt',
    terms: 'Apache-2.0 (repository); the reviews are offered for research',
  },
  splits: ['leave-one-out'],
  notes: [
    'A wider and sparser cut of the reviews behind amazon-beauty, with ids of its own.',
    'There are no times in the file: no model is told when the predicted event happens.',
  ],
  published: [
    {
      comparesWith: 'leave-one-out',
      protocol: 'same file, full ranking over the catalogue, all seen items left out',
      figures: [
        { model: 'SASRec+, 3,000 negatives', 'hr@10': 0.0533, 'ndcg@10': 0.0327, source: 'Klenitskiy and Vasilev, RecSys 2023, arXiv 2309.07602; antklen/sasrec-bert4rec-recsys23 @29c272e' },
      ],
    },
  ],
  given: [],
};
