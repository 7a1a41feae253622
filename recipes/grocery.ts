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
  given: [
    {
      date: '2026-11-21', commit: 'abf44d0', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 12', seeds: [1], split: 'leave-one-out',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0177, low: 0.0177, high: 0.0177 }, 'ndcg@10': { mean: 0.0088, low: 0.0088, high: 0.0088 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.0947, low: 0.0947, high: 0.0947 }, 'ndcg@10': { mean: 0.0556, low: 0.0556, high: 0.0556 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0915, low: 0.0915, high: 0.0915 }, 'ndcg@10': { mean: 0.0555, low: 0.0555, high: 0.0555 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0988, low: 0.0988, high: 0.0988 }, 'ndcg@10': { mean: 0.0581, low: 0.0581, high: 0.0581 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.105, low: 0.105, high: 0.105 }, 'ndcg@10': { mean: 0.0606, low: 0.0606, high: 0.0606 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.105, low: 0.105, high: 0.105 }, 'ndcg@10': { mean: 0.0607, low: 0.0607, high: 0.0607 } } },
      ],
    },
    {
      date: '2026-11-21', commit: 'abf44d0', machine: 'AMD EPYC, 2 cores, 24 GiB, shared with other work; --budget 12', seeds: [1], split: 'global time split',
      rows: [
        { model: 'popularity', figures: { 'hr@10': { mean: 0.0018, low: 0.0018, high: 0.0018 }, 'ndcg@10': { mean: 0.0015, low: 0.0015, high: 0.0015 } } },
        { model: 'popularity of the last days', figures: { 'hr@10': { mean: 0.0801, low: 0.0801, high: 0.0801 }, 'ndcg@10': { mean: 0.0384, low: 0.0384, high: 0.0384 } } },
        { model: 'fading popularity', figures: { 'hr@10': { mean: 0.0716, low: 0.0716, high: 0.0716 }, 'ndcg@10': { mean: 0.036, low: 0.036, high: 0.036 } } },
        { model: 'last-item neighbours', figures: { 'hr@10': { mean: 0.0411, low: 0.0411, high: 0.0411 }, 'ndcg@10': { mean: 0.0223, low: 0.0223, high: 0.0223 } } },
        { model: 'recent-items neighbours', figures: { 'hr@10': { mean: 0.0496, low: 0.0496, high: 0.0496 }, 'ndcg@10': { mean: 0.0266, low: 0.0266, high: 0.0266 } } },
        { model: 'sasrec', figures: { 'hr@10': { mean: 0.0464, low: 0.0464, high: 0.0464 }, 'ndcg@10': { mean: 0.0238, low: 0.0238, high: 0.0238 } } },
        { model: 'journey', figures: { 'hr@10': { mean: 0.0847, low: 0.0847, high: 0.0847 }, 'ndcg@10': { mean: 0.0424, low: 0.0424, high: 0.0424 } } },
      ],
    },
  ],
};
