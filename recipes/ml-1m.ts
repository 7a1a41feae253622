// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'ml-1m',
  title: 'MovieLens-1M, SASRec file',
  command: 'throughline recipe ml-1m --seeds 3',
  seed: 1,
  data: {
    files: ['ml-1m.txt', 'ml-1m_sasrec.txt'],
    sha256: ['b725f3acb3986fe3130bffd1e77a74d182a1f51799567a236dbd60270f95b0a2'],
    form: '"user item" a line, each user in time order; 999,611 events, 6,040 users, 3,416 items',
    publisher: 'GroupLens Research, University of Minnesota; this form by Kang and McAuley (SASRec, ICDM 2018)',
    offeredAt: 'https://github.com/kang205/SASRec/blob/master/data/ml-1m.txt (the ratings themselves: https://grouplens.org/datasets/movielens/1m/)',
    terms: 'GroupLens: research use, no redistribution without permission, acknowledge the source',
  },
  splits: ['leave-one-out'],
  notes: [
    'The file holds the order alone. More than half of the events of MovieLens-1M share their second with another of the same member, and the order inside a second is one that its makers chose; it is nearly constant over members, so a sequence model can learn it. Members whose test event is tied cannot be told apart here, so the figures of every model, ours and others\', are inflated by an unknown amount.',
    'There are no times in the file: no model is told when the predicted event happens.',
  ],
  published: [
    {
      comparesWith: 'leave-one-out',
      protocol: 'same file, full ranking over 3,416 items, all seen items left out, no times',
      figures: [
        { model: 'SASRec+, 3,000 negatives', 'hr@10': 0.3159, 'ndcg@10': 0.1857, source: 'Klenitskiy and Vasilev, RecSys 2023, arXiv 2309.07602; antklen/sasrec-bert4rec-recsys23 @29c272e' },
        { model: 'SASRec+, cross-entropy', 'hr@10': 0.3152, 'ndcg@10': 0.1821, source: 'arXiv 2309.07602' },
        { model: 'gSASRec, 256 negatives, t 0.75', 'hr@10': 0.3003, 'ndcg@10': 0.1726, source: 'Petrov and Macdonald, RecSys 2023, arXiv 2308.07192; asash/gSASRec-pytorch @7e35028' },
        { model: 'BERT4Rec', 'hr@10': 0.2843, 'ndcg@10': 0.1537, source: 'arXiv 2309.07602' },
        { model: 'SASRec, binary cross-entropy', 'hr@10': 0.25, 'ndcg@10': 0.1341, source: 'arXiv 2309.07602' },
        { model: 'SASRec, binary cross-entropy', 'hr@10': 0.2392, 'ndcg@10': 0.1259, source: 'asash/gSASRec-pytorch @7e35028' },
      ],
    },
    {
      protocol: 'another order of ties (by item id), seen items of the last 200 left out; inflated by that order',
      figures: [
        { model: 'LRURec', 'hr@10': 0.3264, 'ndcg@10': 0.193, source: 'Yue et al., arXiv 2310.02367; Yueeeeeeee/LRURec @b33df55' },
        { model: 'SASRec', 'hr@10': 0.3181, 'ndcg@10': 0.1902, source: 'arXiv 2310.02367' },
      ],
    },
    {
      protocol: 'raw ratings, ties in file order, 3,706 items, all seen items left out',
      figures: [
        { model: 'HSTU-large', 'hr@10': 0.3642, 'ndcg@10': 0.2164, source: 'MobileTeleSystems/RecTools @41a5a63, notebook', usesTime: true },
        { model: 'HSTU', 'hr@10': 0.3227, 'ndcg@10': 0.1879, source: 'MobileTeleSystems/RecTools @41a5a63, notebook', usesTime: true },
        { model: 'eSASRec', 'hr@10': 0.3133, 'ndcg@10': 0.1772, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
      ],
    },
    {
      protocol: 'raw ratings, ties by an unstable sort, 3,883 items, seen items of the last 200 left out, no validation set',
      figures: [
        { model: 'HSTU-large + MoL', 'hr@10': 0.3412, 'ndcg@10': 0.1979, source: 'bailuding/rails @30b1da9, read-me', usesTime: true },
        { model: 'HSTU-large', 'hr@10': 0.3294, 'ndcg@10': 0.1893, source: 'meta-recsys/generative-recommenders @db1bf8f, read-me', usesTime: true },
        { model: 'SASRec', 'hr@10': 0.2853, 'ndcg@10': 0.1603, source: 'meta-recsys/generative-recommenders @db1bf8f, read-me' },
      ],
    },
  ],
  given: [
    {
      date: '2026-11-21', commit: '444f68d', machine: 'AMD EPYC, 2 cores, 24 GiB', seeds: [1, 2, 3], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0369, low: 0.0369, high: 0.0369 }, 'ndcg@10': { mean: 0.018, low: 0.018, high: 0.018 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.2237, low: 0.2237, high: 0.2237 }, 'ndcg@10': { mean: 0.13, low: 0.13, high: 0.13 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.2631, low: 0.2631, high: 0.2631 }, 'ndcg@10': { mean: 0.1527, low: 0.1527, high: 0.1527 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.2873, low: 0.2854, high: 0.2884 }, 'ndcg@10': { mean: 0.1643, low: 0.1632, high: 0.1652 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.3294, low: 0.3232, high: 0.3334 }, 'ndcg@10': { mean: 0.193, low: 0.1894, high: 0.1951 } } },
      ],
    },
  ],
};
