// Adjacent skills at work: of the jobs that truly fit and share no keyword with the profile, how many are found at the precision that keywords have.
import { ADJACENT } from '../src/catalog/adjacency.ts';
import { openCatalog, type Catalog } from '../src/catalog/catalog.ts';
import { encodeEntity, type EntityInput } from '../src/catalog/records.ts';
import type { Millis } from '../src/core/ids.ts';
import { seededRandom } from '../src/core/random.ts';
import { esco } from '../src/importers/esco.ts';
import { createReport, type Importer } from '../src/importers/importer.ts';
import { onet } from '../src/importers/onet.ts';
import { createSpace } from '../src/memory/space.ts';
import { clusterBootstrap, clusterRatio, type Interval } from '../src/models/metrics.ts';
import { keywordsOf, ofOccupations, ofPostings, type Fits } from './lib/fits.ts';
import { machine } from './lib/machine.ts';

const [wuzzufFolder, onetFolder, escoFolder, seed = '1'] = process.argv.slice(2);
if (wuzzufFolder === undefined || onetFolder === undefined || escoFolder === undefined) throw new Error('usage: npm run bench -- fits <folder of wuzzuf> <folder of onet> <folder of esco> [seed]');
const random = seededRandom(Number(seed));
const print = (text: string): void => { process.stdout.write(`${text}\n`); };
/** Places of a list whose precision is compared. */
const K = 10;
/** As the first pass has it: what follows from a profile counts once at most, and not where it hardly follows. */
const LEAST = 0.05;

type Entities = readonly Pick<EntityInput, 'kind' | 'id' | 'attributes'>[];
const entitiesOf = async (importer: Importer, folder: string): Promise<Entities> => {
  const found: EntityInput[] = [];
  for await (const imported of importer.read(folder, { report: createReport() })) if (imported.type === 'entity') found.push(imported.entity);
  return found;
};

const catalogOf = (entities: Entities): Catalog => {
  const catalog = openCatalog(createSpace());
  entities.forEach(({ kind, id, attributes }, sequence) => {
    catalog.apply({ type: 'entity', id: String(sequence), at: 0 as Millis, deduplicate: 'never', sequence, payload: encodeEntity({ kind, id, createdAt: 0 as Millis, attributes }) });
    if (sequence % 1000 === 999) catalog.settle();
  });
  catalog.settle();
  return catalog;
};

/** What one skill says of others; where there is none, skills say nothing of each other. */
type Says = (skill: number, say: (other: number, weight: number) => void) => void;

/** Members and jobs as numbers of one catalogue that learned from the skills of both, and from nothing else. */
interface Learned { readonly members: readonly (readonly number[])[]; readonly jobs: readonly (readonly number[])[]; readonly terms: number; readonly adjacent: Says }
const learn = ({ members, jobs }: Fits, taxonomy: Entities): Learned => {
  const catalog = catalogOf([...taxonomy, ...members.map((skills, m) => ({ kind: 'member', id: String(m), attributes: { skills } })), ...jobs.map((skills, j) => ({ kind: 'job', id: String(j), attributes: { skills: skills.slice(0, 50) } }))]);
  const known = (skills: readonly string[]): readonly number[] => [...new Set(skills.map((skill) => catalog.skills.resolve(catalog.terms.intern(skill))))];
  const { term: others, weight: weights } = catalog.adjacency.rows.columns;
  return {
    members: members.map(known), jobs: jobs.map(known), terms: catalog.terms.size(),
    adjacent: (skill, say) => { for (let slot = skill * ADJACENT; slot < (skill + 1) * ADJACENT && (others[slot] ?? 0) > 0; slot++) say((others[slot] ?? 0) - 1, weights[slot] ?? 0); },
  };
};

interface Ranker { readonly name: string; readonly of: Learned; readonly says?: Says; readonly prior?: (job: number) => number }

/** Scores of every job for every member, [members, jobs]. A skill of the member's own counts 1, one that follows as much as it does. */
const scoresOf = ({ of: { members, jobs, terms }, says, prior }: Ranker): Float32Array => {
  const follows = new Float64Array(terms);
  const out = new Float32Array(members.length * jobs.length);
  members.forEach((own, m) => {
    follows.fill(0);
    for (const skill of own) says?.(skill, (other, weight) => { follows[other] = (follows[other] ?? 0) + weight; });
    for (const skill of own) follows[skill] = 1;
    jobs.forEach((asked, j) => {
      let sum = prior?.(j) ?? 0;
      for (const skill of asked) { const much = Math.min(1, follows[skill] ?? 0); if (much >= LEAST) sum += much; }
      out[m * jobs.length + j] = sum;
    });
  });
  return out;
};

/** How often skills stand together in the lists of members and jobs, and each alone. */
const together = ({ members, jobs }: Learned): { readonly counts: ReadonlyMap<number, number>; readonly pairs: ReadonlyMap<number, ReadonlyMap<number, number>> } => {
  const counts = new Map<number, number>();
  const pairs = new Map<number, Map<number, number>>();
  for (const list of [...members, ...jobs]) {
    for (const skill of list) {
      counts.set(skill, (counts.get(skill) ?? 0) + 1);
      const row = pairs.get(skill) ?? new Map<number, number>();
      pairs.set(skill, row);
      for (const other of list) if (other !== skill) row.set(other, (row.get(other) ?? 0) + 1);
    }
  }
  return { counts, pairs };
};

/** Members who choose where a list is cut, and members who say what that is worth: every second one. */
const chooses = (member: number): boolean => member % 2 === 0;

/** By pair: 1 where the job fits and shares no keyword, 2 where it does not fit and shares none, 0 where it shares one. */
const kindsOf = ({ members, jobs, fits }: Fits): { readonly kinds: Uint8Array; readonly fitting: number } => {
  const [own, asked] = [members.map(keywordsOf), jobs.map(keywordsOf)];
  let fitting = 0;
  const kinds = Uint8Array.from({ length: members.length * jobs.length }, (_, pair) => {
    const [m, j] = [Math.floor(pair / jobs.length), pair % jobs.length];
    const isFit = fits(m, j);
    fitting += Number(isFit);
    for (const word of own[m] ?? []) if (asked[j]?.has(word) === true) return 0;
    return isFit ? 1 : 2;
  });
  return { kinds, fitting };
};

/** Of each member's ten jobs by keywords, how many fit; those with a list of ten alone. */
const keywordPrecision = ({ members, jobs, fits }: Fits): Interval => {
  const asked = jobs.map(keywordsOf);
  const shares = members.flatMap((skills, m) => {
    const own = keywordsOf(skills);
    const shared = asked.map((words) => [...own].filter((word) => words.has(word)).length);
    const best = jobs.map((_, j) => j).filter((j) => (shared[j] ?? 0) > 0).sort((a, b) => (shared[b] ?? 0) - (shared[a] ?? 0) || a - b).slice(0, K);
    return best.length < K ? [] : [best.filter((j) => fits(m, j)).length / K];
  });
  return clusterBootstrap(shares, shares.map((_, i) => i), { random: random.fork('keywords') });
};

interface Cut { readonly threshold: number; readonly precision: Interval | undefined; readonly found: Interval; readonly atTen: Interval }

/** The lowest score from which on, among the members who choose, jobs without a keyword fit as often as `goal`; and what the others find there. */
const cutAt = (scores: Float32Array, { kinds, jobs, members }: { readonly kinds: Uint8Array; readonly jobs: number; readonly members: number }, { goal, name }: { readonly goal: number; readonly name: string }): Cut => {
  const order = Array.from({ length: members }, (_, m) => m).filter(chooses).flatMap((m) => Array.from({ length: jobs }, (_, j) => m * jobs + j)).filter((pair) => (kinds[pair] ?? 0) > 0 && (scores[pair] ?? 0) > 0);
  const sorted = Uint32Array.from(order).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  let [threshold, hits] = [Number.POSITIVE_INFINITY, 0];
  sorted.forEach((pair, i) => {
    hits += Number(kinds[pair] === 1);
    // A cut stands between two scores, not within one.
    if (scores[sorted[i + 1] ?? -1] !== scores[pair] && hits >= goal * (i + 1)) threshold = scores[pair] ?? threshold;
  });
  const judges = Array.from({ length: members }, (_, m) => m).filter((m) => !chooses(m));
  const [hit, taken, there, ten, listed] = [0, 1, 2, 3, 4].map(() => new Float64Array(judges.length));
  judges.forEach((m, row) => {
    const pairs = Array.from({ length: jobs }, (_, j) => m * jobs + j).filter((pair) => (kinds[pair] ?? 0) > 0);
    const above = pairs.filter((pair) => (scores[pair] ?? 0) >= threshold);
    const isHit = (pair: number): boolean => kinds[pair] === 1;
    const best = pairs.filter((pair) => (scores[pair] ?? 0) > 0).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, K);
    for (const [column, value] of [[hit, above.filter(isHit).length], [taken, above.length], [there, pairs.filter(isHit).length], [ten, best.filter(isHit).length], [listed, best.length]] as const) if (column !== undefined) column[row] = value;
  });
  const of = (above: Float64Array | undefined, below: Float64Array | undefined, label: string): Interval => clusterRatio(above ?? [], below ?? [], { cluster: judges.map((_, row) => row), random: random.fork(`${name} ${label}`) });
  return { threshold, found: of(hit, there, 'found'), atTen: of(ten, listed, 'ten'), precision: taken?.some((count) => count > 0) === true ? of(hit, taken, 'precision') : undefined };
};

const text = (interval: Interval | undefined): string => (interval === undefined ? 'none above the cut' : `${interval.mean.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`);

const measure = (data: Fits, taxonomy: Entities): void => {
  const { kinds, fitting } = kindsOf(data);
  const precision = keywordPrecision(data);
  const [hidden, others] = [1, 2].map((kind) => kinds.reduce((sum, each) => sum + Number(each === kind), 0));
  print(`\n${data.name}: ${data.members.length} members, ${data.jobs.length} jobs; ${fitting} pairs fit, of which ${hidden ?? 0} share no keyword; of pairs without one ${(100 * (hidden ?? 0) / ((hidden ?? 0) + (others ?? 0))).toFixed(2)} % fit. First ten by keywords: ${text(precision)} of them fit`);
  const plain = learn(data, []);
  const { counts, pairs } = together(plain);
  const popularity = plain.jobs.map((asked) => asked.reduce((sum, skill) => sum + (counts.get(skill) ?? 0), 0) / 1e4);
  const rankers: readonly Ranker[] = [
    { name: 'adjacent skills', of: plain, says: plain.adjacent },
    ...(taxonomy.length === 0 ? [] : [((of: Learned): Ranker => ({ name: 'adjacent skills, with O*NET and ESCO', of, says: of.adjacent }))(learn(data, taxonomy))]),
    { name: 'co-occurrence, shares of each skill', of: plain, says: (skill, say) => { for (const [other, count] of pairs.get(skill) ?? []) say(other, count / (counts.get(skill) ?? 1)); } },
    { name: 'co-occurrence, cosine', of: plain, says: (skill, say) => { for (const [other, count] of pairs.get(skill) ?? []) say(other, count / Math.sqrt((counts.get(skill) ?? 1) * (counts.get(other) ?? 1))); } },
    { name: 'jobs that ask for common skills', of: plain, prior: (job) => popularity[job] ?? 0 },
    { name: 'skills alone, in other words', of: taxonomy.length === 0 ? plain : learn(data, taxonomy) },
  ];
  print('\n| ranker | found, of jobs that fit without a keyword | precision there | first ten without a keyword: fit |\n|---|---|---|---|');
  for (const ranker of rankers) {
    const cut = cutAt(scoresOf(ranker), { kinds, jobs: data.jobs.length, members: data.members.length }, { goal: precision.mean, name: `${data.name} ${ranker.name}` });
    print(`| ${ranker.name} | ${text(cut.found)} | ${text(cut.precision)} | ${text(cut.atTen)} |`);
  }
};

print(machine());
measure(await ofPostings(wuzzufFolder, random.fork('postings')), [...await entitiesOf(onet, onetFolder), ...await entitiesOf(esco, escoFolder)]);
measure(await ofOccupations(onetFolder, random.fork('occupations')), []);
