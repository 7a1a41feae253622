// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'amazon-toys',
  title: 'Amazon Toys and Games, 5-core, S3-Rec file',
  command: 'throughline recipe amazon-toys --seeds 3',
  seed: 1,
  data: {
    files: ['Toys_and_Games.txt'],
    sha256: ['176c680c688d497598c4a89a03b402c0fe78d795e5db335c2e78dd5f2d778a3f'],
    form: '"user item item item …" a line, items in time order; 167,597 events, 19,412 users, 11,924 items',
    publisher: 'J. McAuley, UCSD (Amazon reviews 1996-2014); this form by Zhou et al. (S3-Rec, CIKM 2020)',
    offeredAt: 'https://github.com/RUCAIBox/CIKM2020-S3Rec/blob/master/data/Toys_and_Games.txt',
    terms: 'not stated for this form; the reviews are offered for research',
  },
  splits: ['leave-one-out'],
  notes: [
    'There are no times in the file: no model is told when the predicted event happens.',
  ],
  published: [
    {
      comparesWith: 'leave-one-out',
      protocol: 'same file, full ranking over the catalogue, all seen items left out',
      figures: [
        { model: 'SASRec + sampled softmax', 'hr@10': 0.097, 'ndcg@10': 0.058, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'eSASRec', 'hr@10': 0.0939, 'ndcg@10': 0.0538, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'HSTU', 'hr@10': 0.0778, 'ndcg@10': 0.045, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'FuXi-alpha', 'hr@10': 0.0765, 'ndcg@10': 0.0437, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'TIGER', 'hr@10': 0.0712, 'ndcg@10': 0.0432, source: 'reported by phonism/genrec @b027224' },
        { model: 'S3-Rec', 'hr@10': 0.07, 'ndcg@10': 0.0376, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'LC-Rec', 'hr@10': 0.0683, 'ndcg@10': 0.0371, source: 'rerun by phonism/genrec @b027224' },
        { model: 'SASRec, binary cross-entropy', 'hr@10': 0.0675, 'ndcg@10': 0.0374, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'TIGER', 'hr@10': 0.0647, 'ndcg@10': 0.035, source: 'rerun by phonism/genrec @b027224' },
        { model: 'Caser', 'hr@10': 0.027, 'ndcg@10': 0.0141, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'BERT4Rec', 'hr@10': 0.0203, 'ndcg@10': 0.0099, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'GRU4Rec', 'hr@10': 0.0176, 'ndcg@10': 0.0084, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'popularity', 'hr@10': 0.0113, 'ndcg@10': 0.0061, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
      ],
    },
  ],
  given: [
    {
      date: '2026-11-21', commit: '06dd578', machine: 'AMD EPYC, 2 cores, 24 GiB', seeds: [1, 2, 3], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.009, low: 0.009, high: 0.009 }, 'ndcg@10': { mean: 0.0049, low: 0.0049, high: 0.0049 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0816, low: 0.0816, high: 0.0816 }, 'ndcg@10': { mean: 0.0545, low: 0.0545, high: 0.0545 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0978, low: 0.0978, high: 0.0978 }, 'ndcg@10': { mean: 0.0641, low: 0.0641, high: 0.0641 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.094, low: 0.0929, high: 0.0947 }, 'ndcg@10': { mean: 0.0577, low: 0.0569, high: 0.0582 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.1116, low: 0.1109, high: 0.1123 }, 'ndcg@10': { mean: 0.0677, low: 0.0674, high: 0.0679 } } },
      ],
    },
  ],
};
