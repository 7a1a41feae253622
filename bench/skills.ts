// Adjacent skills: how often a skill that was held out of a list is found from the others, and what learning them costs as a network grows.
import { performance } from 'node:perf_hooks';
import { ADJACENT } from '../src/catalog/adjacency.ts';
import { openCatalog, type Catalog } from '../src/catalog/catalog.ts';
import { encodeEntity, type EntityInput } from '../src/catalog/records.ts';
import type { Millis } from '../src/core/ids.ts';
import { seededRandom, type Random } from '../src/core/random.ts';
import { esco } from '../src/importers/esco.ts';
import { createReport, type Importer } from '../src/importers/importer.ts';
import { onet, readOccupationTechnologies } from '../src/importers/onet.ts';
import { readWuzzuf } from '../src/importers/wuzzuf.ts';
import { createSpace } from '../src/memory/space.ts';
import { clusterBootstrap, rankMetrics, rivals } from '../src/models/metrics.ts';
import { machine } from './lib/machine.ts';

const [wuzzufFolder, onetFolder, escoFolder, seed = '1'] = process.argv.slice(2);
if (wuzzufFolder === undefined || onetFolder === undefined || escoFolder === undefined) throw new Error('usage: npm run bench -- skills <folder of wuzzuf> <folder of onet> <folder of esco> [seed]');
const random = seededRandom(Number(seed));
const K = 10;
const print = (text: string): void => { process.stdout.write(`${text}\n`); };

const writer = (catalog: Catalog): ((entity: Pick<EntityInput, 'kind' | 'id' | 'attributes'>) => void) => {
  let sequence = 0;
  return ({ kind, id, attributes }) => {
    catalog.apply({ type: 'entity', id: String(sequence), at: 0 as Millis, deduplicate: 'never', sequence, payload: encodeEntity({ kind, id, createdAt: 0 as Millis, attributes }) });
    sequence++;
    if (sequence % 1000 === 0) catalog.settle();
  };
};

/** Lists of skills that stand together, and of each the one that is not shown; lists of fewer than three show all. */
interface Lists { readonly shown: readonly (readonly string[])[]; readonly hidden: readonly (string | undefined)[] }
const hideOne = (lists: readonly (readonly string[])[], chance: Random): Lists => {
  const hidden = lists.map((list) => (list.length < 3 ? undefined : list[Math.floor(chance.next() * list.length)]));
  return { hidden, shown: lists.map((list, i) => list.filter((skill) => skill !== hidden[i])) };
};

type Taxonomy = readonly Pick<EntityInput, 'kind' | 'id' | 'attributes'>[];
const entitiesOf = async (importer: Importer, folder: string): Promise<Taxonomy> => {
  const found: EntityInput[] = [];
  for await (const imported of importer.read(folder, { report: createReport() })) if (imported.type === 'entity') found.push(imported.entity);
  return found;
};

/** Adds what each skill says of others. */
type Says = (skill: number, say: (other: number, weight: number) => void) => void;
interface Ranker { readonly name: string; readonly says?: Says; readonly prior?: (skill: number) => number }

/** Recall@10 of each hidden skill among all that are not shown; 0 or 1, or between where scores tie. */
const recallOf = ({ says, prior }: Ranker, asked: readonly { readonly shown: readonly number[]; readonly hidden: number }[], terms: number): Float64Array => {
  const scores = new Float64Array(terms);
  return Float64Array.from(asked, ({ shown, hidden }) => {
    for (let term = 0; term < terms; term++) scores[term] = prior?.(term) ?? 0;
    for (const skill of shown) says?.(skill, (other, weight) => { scores[other] = (scores[other] ?? 0) + weight; });
    // What is shown is no answer.
    for (const skill of shown) scores[skill] = Number.NEGATIVE_INFINITY;
    const { above, equal } = rivals(scores, hidden);
    return rankMetrics(above, equal, { count: terms, k: K }).recall;
  });
};

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** Lists through a catalogue, as jobs; a share of them may be learned from. */
const measure = (title: string, lists: Lists, { taxonomy, learned }: { readonly taxonomy: Taxonomy; readonly learned: number }): void => {
  const catalog = openCatalog(createSpace());
  const write = writer(catalog);
  for (const entry of taxonomy) write(entry);
  const chance = random.fork(`${title} learned`);
  const counts = new Map<number, number>();
  const together = new Map<number, Map<number, number>>();
  const known = (skill: string): number => catalog.skills.resolve(catalog.terms.intern(skill.toLowerCase()));
  catalog.settle();
  const started = performance.now();
  lists.shown.forEach((skills, i) => {
    if (chance.next() >= learned) return;
    write({ kind: 'job', id: String(i), attributes: { skills: skills.slice(0, 50) } });
    const own = [...new Set(skills.map(known))];
    for (const skill of own) {
      counts.set(skill, (counts.get(skill) ?? 0) + 1);
      const row = together.get(skill) ?? new Map<number, number>();
      together.set(skill, row);
      for (const other of own) if (other !== skill) row.set(other, (row.get(other) ?? 0) + 1);
    }
  });
  catalog.settle();
  const ms = performance.now() - started;
  const asked = lists.shown.flatMap((skills, i) => {
    const hidden = lists.hidden[i];
    const shown = [...new Set(skills.map(known))];
    return hidden === undefined || shown.includes(known(hidden)) ? [] : [{ shown, hidden: known(hidden) }];
  });
  const { term: others, weight: weights } = catalog.adjacency.rows.columns;
  const rankers: readonly Ranker[] = [
    { name: 'adjacent skills', says: (skill, say) => { for (let slot = skill * ADJACENT; slot < (skill + 1) * ADJACENT && (others[slot] ?? 0) > 0; slot++) say((others[slot] ?? 0) - 1, weights[slot] ?? 0); } },
    { name: 'co-occurrence, counts', says: (skill, say) => { for (const [other, count] of together.get(skill) ?? []) say(other, count); } },
    { name: 'co-occurrence, shares of each skill', says: (skill, say) => { for (const [other, count] of together.get(skill) ?? []) say(other, count / (counts.get(skill) ?? 1)); } },
    { name: 'co-occurrence, cosine', says: (skill, say) => { for (const [other, count] of together.get(skill) ?? []) say(other, count / Math.sqrt((counts.get(skill) ?? 1) * (counts.get(other) ?? 1))); } },
    { name: 'popularity', prior: (skill) => counts.get(skill) ?? 0 },
  ];
  print(`\n${title}: ${asked.length} lists asked, ${counts.size} skills, learned in ${ms.toFixed(0)} ms\n\n| ranker | recall@10 | adjacent minus it |\n|---|---|---|`);
  let own: Float64Array | undefined;
  for (const ranker of rankers) {
    const recall = recallOf(ranker, asked, catalog.terms.size());
    own ??= recall;
    const { low, high } = clusterBootstrap(Array.from(recall, (value, i) => (own?.[i] ?? 0) - value), asked.map((_, i) => i), { random: random.fork(`${title} ${ranker.name}`) });
    print(`| ${ranker.name} | ${mean(recall).toFixed(4)} | ${recall === own ? '' : `[${low.toFixed(4)}, ${high.toFixed(4)}]`} |`);
  }
};

/** Members with ten skills each of a few thousand, a track of fifty each: what writing and learning costs, and one alias that comes late. */
const cost = (members: number): void => {
  const chance = random.fork(`cost ${members}`);
  const catalog = openCatalog(createSpace());
  let sequence = 0;
  let settling = 0;
  const apply = (entity: Pick<EntityInput, 'kind' | 'id' | 'attributes'>): void => {
    catalog.apply({ type: 'entity', id: '', at: 0 as Millis, deduplicate: 'never', sequence: sequence++, payload: encodeEntity({ ...entity, createdAt: 0 as Millis }) });
  };
  const settle = (): number => { const from = performance.now(); catalog.settle(); return performance.now() - from; };
  const started = performance.now();
  for (let m = 0; m < members; m++) {
    const track = Math.floor(chance.next() * 100) * 50;
    apply({ kind: m % 20 === 0 ? 'job' : 'member', id: String(m), attributes: { skills: Array.from({ length: 10 }, () => `skill ${track + Math.floor(50 * chance.next() ** 2)}`) } });
    if (m % 500 === 499) settling += settle();
  }
  settling += settle();
  const whole = performance.now() - started;
  apply({ kind: 'skill', id: 'late', attributes: { name: 'skill 0', aliases: ['skill 1'] } });
  const late = settle();
  print(`| ${members.toLocaleString('en')} | ${(1000 * whole / members).toFixed(1)} | ${(1000 * settling / members).toFixed(1)} | ${late.toFixed(0)} |`);
};

print(machine());
const postings: (readonly string[])[] = [];
for await (const imported of readWuzzuf(wuzzufFolder, { report: createReport() })) if (imported.type === 'entity' && imported.entity.kind === 'job') postings.push(((imported.entity.attributes['skills'] ?? []) as readonly string[]).map((skill) => skill.toLowerCase()));
const jobs = hideOne(postings, random.fork('jobs'));
const occupations = hideOne((await readOccupationTechnologies(onetFolder, createReport())).map((list) => [...new Set(list.map((name) => name.toLowerCase()))]), random.fork('occupations'));
const taxonomy = [...await entitiesOf(onet, onetFolder), ...await entitiesOf(esco, escoFolder)];

measure('Skills that job postings ask for', jobs, { taxonomy: [], learned: 1 });
measure('Technologies of occupations', occupations, { taxonomy: [], learned: 1 });
for (const learned of [0.02, 0.1, 1]) {
  measure(`Postings, ${learned * 100} % learned from, without a taxonomy`, jobs, { taxonomy: [], learned });
  measure(`Postings, ${learned * 100} % learned from, with O*NET and ESCO`, jobs, { taxonomy, learned });
}
print('\n| entities | us each | of that at the end of blocks of 500 | an alias that comes late, ms |\n|---|---|---|---|');
for (const members of [10_000, 100_000, 1_000_000]) cost(members);
