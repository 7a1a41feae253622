// Adjacent skills at work: of the jobs that truly fit and share no keyword with the profile, how many are found in lists as precise as those by keywords.
import { ADJACENT } from '../src/catalog/adjacency.ts';
import { openCatalog, type Catalog } from '../src/catalog/catalog.ts';
import { encodeEntity, type EntityInput } from '../src/catalog/records.ts';
import type { Millis } from '../src/core/ids.ts';
import { seededRandom } from '../src/core/random.ts';
import { esco } from '../src/importers/esco.ts';
import { createReport, type Importer } from '../src/importers/importer.ts';
import { onet } from '../src/importers/onet.ts';
import { createSpace } from '../src/memory/space.ts';
import { clusterRatio, type Interval } from '../src/models/metrics.ts';
import { keywordsOf, ofOccupations, ofPostings, type Fits } from './lib/fits.ts';
import { machine } from './lib/machine.ts';

const [wuzzufFolder, onetFolder, escoFolder, seed = '1'] = process.argv.slice(2);
if (wuzzufFolder === undefined || onetFolder === undefined || escoFolder === undefined) throw new Error('usage: npm run bench -- fits <folder of wuzzuf> <folder of onet> <folder of esco> [seed]');
const random = seededRandom(Number(seed));
const print = (text: string): void => { process.stdout.write(`${text}\n`); };
/** Lists by keywords so long say how precise all are to be. */
const LENGTHS = [10, 50];
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
interface Learned { readonly members: readonly (readonly number[])[]; readonly jobs: readonly (readonly number[])[]; readonly beside: readonly (readonly number[])[]; readonly terms: number; readonly adjacent: Says }
const learn = ({ members, jobs, others: beside }: Fits, taxonomy: Entities): Learned => {
  const catalog = catalogOf([...taxonomy, ...beside.map((skills, o) => ({ kind: 'member', id: `other-${o}`, attributes: { skills: skills.slice(0, 50) } })), ...members.map((skills, m) => ({ kind: 'member', id: String(m), attributes: { skills } })), ...jobs.map((skills, j) => ({ kind: 'job', id: String(j), attributes: { skills: skills.slice(0, 50) } }))]);
  const known = (skills: readonly string[]): readonly number[] => [...new Set(skills.map((skill) => catalog.skills.resolve(catalog.terms.intern(skill))))];
  const { term: others, weight: weights } = catalog.adjacency.rows.columns;
  return {
    members: members.map(known), jobs: jobs.map(known), beside: beside.map(known), terms: catalog.terms.size(),
    adjacent: (skill, say) => { for (let slot = skill * ADJACENT; slot < (skill + 1) * ADJACENT && (others[slot] ?? 0) > 0; slot++) say((others[slot] ?? 0) - 1, weights[slot] ?? 0); },
  };
};

interface Ranker { readonly of: Learned; readonly says?: Says }

/** Scores of every job for every member, [members, jobs]. A skill of the member's own counts 1, one that follows as much as it does. */
const scoresOf = ({ of: { members, jobs, terms }, says }: Ranker): Float32Array => {
  const follows = new Float64Array(terms);
  const out = new Float32Array(members.length * jobs.length);
  members.forEach((own, m) => {
    follows.fill(0);
    for (const skill of own) says?.(skill, (other, weight) => { follows[other] = (follows[other] ?? 0) + weight; });
    for (const skill of own) follows[skill] = 1;
    jobs.forEach((asked, j) => {
      let sum = 0;
      for (const skill of asked) { const much = Math.min(1, follows[skill] ?? 0); if (much >= LEAST) sum += much; }
      out[m * jobs.length + j] = sum;
    });
  });
  return out;
};

/** How often skills stand together in the lists of members and jobs, and each alone. */
const together = ({ members, jobs, beside }: Learned): { readonly counts: ReadonlyMap<number, number>; readonly pairs: ReadonlyMap<number, ReadonlyMap<number, number>> } => {
  const counts = new Map<number, number>();
  const pairs = new Map<number, Map<number, number>>();
  for (const list of [...members, ...jobs, ...beside]) {
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

/** Shared keywords of every pair. */
const sharedOf = ({ members, jobs }: Fits): Float32Array => {
  const [own, asked] = [members.map(keywordsOf), jobs.map(keywordsOf)];
  return Float32Array.from({ length: members.length * jobs.length }, (_, pair) => {
    let shared = 0;
    for (const word of own[Math.floor(pair / jobs.length)] ?? []) if (asked[pair % jobs.length]?.has(word) === true) shared++;
    return shared;
  });
};

const FIT = 1;
const NO_WORD = 2;
const NO_SKILL = 4;
/** By pair: 0 where the job does not fit, else FIT, with NO_WORD where it shares no keyword, and NO_SKILL where it shares no skill. */
const kindsOf = ({ members, jobs, fits }: Fits, words: Float32Array): Uint8Array => {
  const own = members.map((skills) => new Set(skills));
  return Uint8Array.from({ length: members.length * jobs.length }, (_, pair) => {
    const [m, j] = [Math.floor(pair / jobs.length), pair % jobs.length];
    if (!fits(m, j)) return 0;
    const sharesSkill = jobs[j]?.some((skill) => own[m]?.has(skill) === true) === true;
    return FIT | ((words[pair] ?? 0) > 0 ? 0 : NO_WORD) | (sharesSkill ? 0 : NO_SKILL);
  });
};

interface Pairs { readonly kinds: Uint8Array; readonly members: number; readonly jobs: number }

/** Of the members who choose: how many of the first jobs of each fit. */
const precisionAt = (scores: Float32Array, { kinds, members, jobs }: Pairs, length: number): number => {
  let [fit, listed] = [0, 0];
  for (let m = 0; m < members; m++) {
    if (!chooses(m)) continue;
    const best = Array.from({ length: jobs }, (_, j) => m * jobs + j).filter((pair) => (scores[pair] ?? 0) > 0).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, length);
    listed += best.length;
    fit += best.filter((pair) => (kinds[pair] ?? 0) > 0).length;
  }
  return fit / Math.max(1, listed);
};

interface Found { readonly precision: Interval; readonly all: Interval; readonly noSkill: Interval; readonly noSkillOfFound: Interval; readonly noWord: Interval; readonly noWordOfFound: Interval }

/** The lowest score from which on, among the members who choose, jobs fit as often as `goal`; and what the others find there. */
const foundAt = (scores: Float32Array, { kinds, jobs, members }: Pairs, { goal, name }: { readonly goal: number; readonly name: string }): Found => {
  const chosen = Uint32Array.from({ length: members * jobs }, (_, pair) => pair).filter((pair) => chooses(Math.floor(pair / jobs)) && (scores[pair] ?? 0) > 0).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  let [threshold, hits] = [Number.POSITIVE_INFINITY, 0];
  chosen.forEach((pair, i) => {
    hits += Number((kinds[pair] ?? 0) > 0);
    // A cut stands between two scores, not within one.
    if (scores[chosen[i + 1] ?? -1] !== scores[pair] && hits >= goal * (i + 1)) threshold = scores[pair] ?? threshold;
  });
  const judges = Array.from({ length: members }, (_, m) => m).filter((m) => !chooses(m));
  const count = (is: (kind: number, score: number) => boolean): Float64Array => Float64Array.from(judges, (m) => {
    let sum = 0;
    for (let pair = m * jobs; pair < (m + 1) * jobs; pair++) if (is(kinds[pair] ?? 0, scores[pair] ?? 0)) sum++;
    return sum;
  });
  const stands = (bit: number) => (kind: number, score: number): boolean => (kind & bit) > 0 && score >= threshold;
  const there = (bit: number) => (kind: number): boolean => (kind & bit) > 0;
  const [fitting, taken, noSkill, noWord] = [count(stands(FIT)), count((_, score) => score >= threshold), count(stands(NO_SKILL)), count(stands(NO_WORD))];
  const of = (above: Float64Array, below: Float64Array, label: string): Interval => clusterRatio(above, below, { cluster: judges.map((_, row) => row), random: random.fork(`${name} ${label}`) });
  return {
    precision: of(fitting, taken, 'precision'), all: of(fitting, count(there(FIT)), 'all'),
    noSkill: of(noSkill, count(there(NO_SKILL)), 'skill'), noSkillOfFound: of(noSkill, fitting, 'skill of found'), noWord: of(noWord, count(there(NO_WORD)), 'word'), noWordOfFound: of(noWord, fitting, 'word of found'),
  };
};

const text = ({ mean, low, high }: Interval): string => (Number.isNaN(mean) ? 'nothing above the cut' : `${(100 * mean).toFixed(1)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`);

const measure = (data: Fits, taxonomy: Entities): void => {
  const shared = sharedOf(data);
  const kinds = kindsOf(data, shared);
  const pairs = { kinds, members: data.members.length, jobs: data.jobs.length };
  const [fitting = 0, noWord = 0, noSkill = 0] = [FIT, NO_WORD, NO_SKILL].map((bit) => kinds.reduce((sum, kind) => sum + Number((kind & bit) > 0), 0));
  print(`\n${data.name}: ${pairs.members} members, every second of whom chooses the cut, ${pairs.jobs} jobs, ${data.others.length} others learned from; ${(100 * fitting / kinds.length).toFixed(2)} % of pairs fit, of which ${(100 * noSkill / fitting).toFixed(1)} % share no skill and ${(100 * noWord / fitting).toFixed(1)} % not even a word of one`);
  const plain = learn(data, []);
  const wide = taxonomy.length === 0 ? undefined : learn(data, taxonomy);
  const { counts, pairs: standing } = together(plain);
  const rankers: readonly (readonly [string, Float32Array])[] = [
    ['keywords', shared],
    ['skills in common', scoresOf({ of: plain })],
    ['adjacent skills', scoresOf({ of: plain, says: plain.adjacent })],
    ...(wide === undefined ? [] : [['adjacent skills, with O*NET and ESCO', scoresOf({ of: wide, says: wide.adjacent })] as const]),
    ['co-occurrence, shares of each skill', scoresOf({ of: plain, says: (skill, say) => { for (const [other, count] of standing.get(skill) ?? []) say(other, count / (counts.get(skill) ?? 1)); } })],
    ['co-occurrence, cosine', scoresOf({ of: plain, says: (skill, say) => { for (const [other, count] of standing.get(skill) ?? []) say(other, count / Math.sqrt((counts.get(skill) ?? 1) * (counts.get(other) ?? 1))); } })],
  ];
  for (const length of LENGTHS) {
    const goal = precisionAt(shared, pairs, length);
    print(`\nAs precise as the first ${length} by keywords, ${(100 * goal).toFixed(1)} %; all in %:\n\n| ranker | found, of those that fit | of those that share no skill | of those that share no word | share no skill, of what is found | share no word | precision there |\n|---|---|---|---|---|---|---|`);
    for (const [name, scores] of rankers) {
      const found = foundAt(scores, pairs, { goal, name: `${data.name} ${name} ${length}` });
      print(`| ${name} | ${[found.all, found.noSkill, found.noWord, found.noSkillOfFound, found.noWordOfFound, found.precision].map(text).join(' | ')} |`);
    }
  }
};

print(machine());
measure(await ofPostings(wuzzufFolder, random.fork('postings')), [...await entitiesOf(onet, onetFolder), ...await entitiesOf(esco, escoFolder)]);
measure(await ofOccupations(onetFolder, random.fork('occupations')), []);
