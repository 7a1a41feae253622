// People you may know in the feed: weights of what members have in common, with the journey model's embedding and without, learned in one world and told in others.
//   npm run bench people -- world [worlds told of] [days that are known]
//   npm run bench people -- listeners <folder of lastfm-2k> [draws told of]
import { seededRandom } from '../src/core/random.ts';
import type { Interval } from '../src/models/metrics.ts';
import { LIMIT, WEIGHTS } from '../src/rankers/pool/people.ts';
import { acquaintances, FEATURES, type Acquaintances, type Asked } from './lib/acquaintances.ts';
import { listeners } from './lib/listeners.ts';
import { machine } from './lib/machine.ts';
import { amongBest, byWeights, figuresOf, fitWeights, intervalOf, joined, KINDS, type Figures, type Kind, type Score, type Weights } from './lib/weighing.ts';

const [of = 'world', ...more] = process.argv.slice(2);
const MEMBERS = 600;
/** Days after those that are known. */
const AFTER = 30;
/** The seed of what is learned from, by half of its members, and chosen in, by the other half; those told of follow it. */
const LEARNED = 701;
const random = seededRandom(1);
const print = (text: string): void => { process.stdout.write(`${text}\n`); };
type Feature = (typeof FEATURES)[number];
const COMMON = ['friend', 'closeFriend', 'employer', 'school', 'group'] as const;
const EMBEDDINGS = ['state', 'profile', 'states'] as const;

const weightsOf = (by: Partial<Record<Feature, number>>): Weights => Float64Array.from(FEATURES, (name) => by[name] ?? 0);
const { friend, closeFriend, employer, school, group, embedding: profile } = WEIGHTS;
/** Without a model, and with one. */
const RANKER = weightsOf({ friend, closeFriend, employer, school, group });
const SERVED = weightsOf({ friend, closeFriend, employer, school, group, profile });

interface Row { readonly name: string; readonly score: Score; readonly weights: Weights }

/** In the ranker's own measure, in which everything in common counts as much as it does there. */
const withRanker = (asked: readonly Asked[], embedding: Feature): Weights => {
  const weights = fitWeights(asked, [RANKER, weightsOf({ [embedding]: 1 })]);
  const times = (weights[0] ?? 1) / WEIGHTS.friend;
  return weights.map((weight) => weight / times);
};

const rowsOf = (asked: readonly Asked[]): readonly Row[] => {
  const row = (name: string, weights: Weights): Row => ({ name, weights, score: byWeights(weights) });
  const each = (names: readonly Feature[]): readonly Weights[] => names.map((name) => weightsOf({ [name]: 1 }));
  return [
    row('the ranker\'s weights', RANKER),
    row('Adamic-Adar alone', weightsOf({ friend: 1 })),
    row('learned here', fitWeights(asked, each(COMMON))),
    ...EMBEDDINGS.map((embedding) => row(`learned here, with ${embedding}`, fitWeights(asked, each([...COMMON, embedding])))),
    ...EMBEDDINGS.map((embedding) => row(`the ranker's, with ${embedding}`, withRanker(asked, embedding))),
    { name: 'the ranker as it serves', weights: SERVED, score: amongBest(RANKER, { order: SERVED, best: LIMIT }) },
  ];
};

const cell = ({ mean, low, high }: Interval): string => `${mean.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;

const table = (title: string, rows: readonly Row[], figures: (kind: Kind, score: Score) => Figures): void => {
  const base = byWeights(RANKER);
  // Listenings have no times, and so no later ties.
  const kinds = KINDS.filter((kind) => figures(kind, base).auc.length > 0);
  print(`\n| ${title} | ${kinds.map((kind) => `AUC, ${kind} | minus the ranker's | recall@10, ${kind} | minus the ranker's`).join(' | ')} |\n|---|${kinds.map(() => '---|---|---|---|').join('')}`);
  for (const { name, score } of rows) {
    const cells = kinds.flatMap((kind) => {
      const [own, other] = [figures(kind, score), figures(kind, base)];
      const pair = (of: 'auc' | 'recall'): readonly string[] => [own[of], own[of].map((value, i) => value - (other[of][i] ?? 0))].map((values) => cell(intervalOf(own, values, random.fork(name))));
      return [...pair('auc'), ...pair('recall')];
    });
    print(`| ${name} | ${cells.join(' | ')} |`);
  }
};

const told = (seed: number, { asked, ties: { hidden, later }, events }: Acquaintances): void => {
  const rows = asked.reduce((sum, each) => sum + each.rows, 0);
  print(`seed ${seed}: ${events} events of ${asked.length} members, ${rows} candidates; among them ${hidden.found} of ${hidden.all} ends of ties hidden, ${later.found} of ${later.all} of ties made later`);
};

const run = async (make: (seed: number) => Promise<Acquaintances>, others: number): Promise<void> => {
  const learned = await make(LEARNED);
  told(LEARNED, learned);
  const rows = rowsOf(learned.asked.filter(({ member }) => member % 2 === 0));
  print(`\n| weights | ${FEATURES.join(' | ')} |\n|---|${FEATURES.map(() => '---|').join('')}`);
  for (const { name, weights } of rows) print(`| ${name} | ${Array.from(weights, (weight) => weight.toFixed(2)).join(' | ')} |`);
  const unread = learned.asked.filter(({ member }) => member % 2 === 1);
  table(`seed ${LEARNED}, members not learned from`, rows, (kind, score) => figuresOf(unread, kind, score));
  print('');
  const all: Acquaintances[] = [];
  for (let n = 1; n <= others; n++) {
    const next = await make(LEARNED + n);
    told(LEARNED + n, next);
    all.push(next);
  }
  if (others > 0) table(`seeds ${LEARNED + 1} to ${LEARNED + others}`, rows, (kind, score) => joined(all.map(({ asked }) => figuresOf(asked, kind, score))));
};

print(`${machine()}\n`);
if (of === 'listeners') await run((seed) => listeners(more[0] ?? '', seed), Number(more[1] ?? 2));
else await run((seed) => acquaintances(seed, { members: MEMBERS, before: Number(more[1] ?? 15), after: AFTER }), Number(more[0] ?? 2));
// Workers of the kernels would keep it alive.
process.exit(0);
