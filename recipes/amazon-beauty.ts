// Frozen 2026-11-21: the file, the split and the seed of these figures do not change; a change is another recipe.
import type { Recipe } from '../src/models/sequences/recipe.ts';

export const recipe: Recipe = {
  name: 'amazon-beauty',
  title: 'Amazon Beauty, 5-core, S3-Rec file',
  command: 'throughline recipe amazon-beauty --seeds 3',
  seed: 1,
  data: {
    files: ['Beauty.txt'],
    sha256: ['226cce9c3105299ca0db9615d7d3fb32b3175e90da43100ae352599f0f0107b8'],
    form: '"user item item item …" a line, items in time order; 198,502 events, 22,363 users, 12,101 items',
    publisher: 'J. McAuley, UCSD (Amazon reviews 1996-2014); this form by Zhou et al. (S3-Rec, CIKM 2020)',
    offeredAt: 'https://github.com/RUCAIBox/CIKM2020-S3Rec/blob/master/data/Beauty.txt',
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
        { model: 'eSASRec', 'hr@10': 0.0928, 'ndcg@10': 0.0523, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'SASRec + sampled softmax', 'hr@10': 0.0921, 'ndcg@10': 0.0531, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'DuoRec', 'hr@10': 0.0845, 'ndcg@10': 0.0443, source: 'reported by arXiv 2508.06450' },
        { model: 'FuXi-alpha', 'hr@10': 0.0809, 'ndcg@10': 0.0451, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'LC-Rec', 'hr@10': 0.0791, 'ndcg@10': 0.0438, source: 'rerun by phonism/genrec @b027224' },
        { model: 'HSTU', 'hr@10': 0.0788, 'ndcg@10': 0.0439, source: 'arXiv 2508.06450; blondered/transformer_benchmark @2b03992' },
        { model: 'ActionPiece', 'hr@10': 0.0775, 'ndcg@10': 0.0424, source: 'reported by arXiv 2508.06450' },
        { model: 'TIGER', 'hr@10': 0.0721, 'ndcg@10': 0.0378, source: 'rerun by phonism/genrec @b027224' },
        { model: 'TIGER', 'hr@10': 0.0648, 'ndcg@10': 0.0384, source: 'reported by phonism/genrec @b027224' },
        { model: 'S3-Rec', 'hr@10': 0.0647, 'ndcg@10': 0.0327, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'SASRec, binary cross-entropy', 'hr@10': 0.0605, 'ndcg@10': 0.0318, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'Caser', 'hr@10': 0.0347, 'ndcg@10': 0.0176, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'BERT4Rec', 'hr@10': 0.0347, 'ndcg@10': 0.017, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'GRU4Rec', 'hr@10': 0.0283, 'ndcg@10': 0.0137, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
        { model: 'popularity', 'hr@10': 0.0152, 'ndcg@10': 0.0068, source: 'S3-Rec\'s own table, RUCAIBox/CIKM2020-S3Rec @2a81540 (CIKM 2020)' },
      ],
    },
  ],
  given: [
    {
      date: '2026-11-21', commit: '06dd578', machine: 'AMD EPYC, 2 cores, 24 GiB', seeds: [1, 2, 3], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.011, low: 0.011, high: 0.011 }, 'ndcg@10': { mean: 0.0053, low: 0.0053, high: 0.0053 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0745, low: 0.0745, high: 0.0745 }, 'ndcg@10': { mean: 0.0482, low: 0.0482, high: 0.0482 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0804, low: 0.0804, high: 0.0804 }, 'ndcg@10': { mean: 0.0508, low: 0.0508, high: 0.0508 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.0858, low: 0.0847, high: 0.0864 }, 'ndcg@10': { mean: 0.0518, low: 0.0512, high: 0.0524 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.1002, low: 0.0994, high: 0.1014 }, 'ndcg@10': { mean: 0.0607, low: 0.0604, high: 0.0613 } } },
      ],
    },
  ],
};
