/** Profiles and jobs of which it is known who fits what, by a relation that nobody who learns is shown. */
import type { EntityInput } from '../../src/catalog/records.ts';
import type { Random } from '../../src/core/random.ts';
import { createReport } from '../../src/importers/importer.ts';
import { onet } from '../../src/importers/onet.ts';
import { readWuzzuf } from '../../src/importers/wuzzuf.ts';

export interface Fits {
  readonly name: string;
  /** Skills by member and by job, in lower case. */
  readonly members: readonly (readonly string[])[];
  readonly jobs: readonly (readonly string[])[];
  /** Skills of other members, who are learned from and not asked. */
  readonly others: readonly (readonly string[])[];
  /** Whether a job is one for a member, by what was withheld. */
  fits(member: number, job: number): boolean;
}

/** Skills of a profile, and of a job that is made of an occupation. */
const SHOWN = 6;
const LEAST = 4;
/** Categories that more than this share of postings has say nothing of a fit. */
const COMMON = 0.5;
/** Of each occupation, members who are learned from alone, and how many skills they have. */
const OTHERS = { members: 8, skills: 10 };
/** Closest occupations of an occupation: O*NET's primary ones. */
const PRIMARY = 10;

const NONE: ReadonlySet<string> = new Set();
const drawn = <Value>(random: Random, values: readonly Value[], count: number): readonly Value[] => values.map((value) => ({ value, key: random.next() })).sort((a, b) => a.key - b.key).slice(0, count).map(({ value }) => value);
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value as readonly string[] : []);
const lower = (names: readonly string[]): readonly string[] => [...new Set(names.map((name) => name.toLowerCase()))];

/**
 * Postings of a job board: every second one is what a member did last, known by six of its skills; the others are to be found. A job fits whose categories are half those of
 * both, leaving out what more than half of all postings have. Categories are withheld.
 */
export const ofPostings = async (folder: string, random: Random): Promise<Fits> => {
  const all: { readonly skills: readonly string[]; readonly categories: readonly string[] }[] = [];
  const times = new Map<string, number>();
  for await (const imported of readWuzzuf(folder, { report: createReport() })) {
    if (imported.type !== 'entity' || imported.entity.kind !== 'job') continue;
    const { attributes } = imported.entity;
    const posting = { skills: lower(listOf(attributes['skills'])), categories: listOf(attributes['topics']) };
    all.push(posting);
    for (const category of posting.categories) times.set(category, (times.get(category) ?? 0) + 1);
  }
  const found = all.map(({ skills, categories }) => ({ skills, categories: new Set(categories.filter((category) => (times.get(category) ?? 0) <= COMMON * all.length)) }))
    .filter(({ skills, categories }) => skills.length >= LEAST && categories.size > 0);
  const order = drawn(random, found, found.length);
  const [past, open] = [order.filter((_, i) => i % 2 === 0), order.filter((_, i) => i % 2 === 1)];
  return {
    name: 'Job postings, fit by categories', others: all.filter(({ categories }) => categories.every((category) => (times.get(category) ?? 0) > COMMON * all.length)).map(({ skills }) => skills), jobs: open.map(({ skills }) => skills), members: past.map(({ skills }) => drawn(random, skills, SHOWN)),
    fits: (member, job) => {
      const [own, asked] = [past[member]?.categories ?? NONE, open[job]?.categories ?? NONE];
      let both = 0;
      for (const category of own) if (asked.has(category)) both++;
      return 2 * both >= own.size + asked.size - both;
    },
  };
};

/** Occupations: of each two members and two jobs, known by six of its technologies each, among eight members with ten. A job fits whose occupation is its own or a primary relation of it. Occupations are withheld. */
export const ofOccupations = async (folder: string, random: Random): Promise<Fits> => {
  const names = new Map<string, string>();
  const occupations: { readonly ref: string; readonly related: readonly string[] }[] = [];
  for await (const imported of onet.read(folder, { report: createReport() })) {
    if (imported.type !== 'entity') continue;
    const { id, attributes }: Pick<EntityInput, 'id' | 'attributes'> = imported.entity;
    names.set(`skill:${id}`, String(attributes['name']).toLowerCase());
    if (id.startsWith('onet-o-')) occupations.push({ ref: `skill:${id}`, related: listOf(attributes['related']) });
  }
  const isOccupation = (ref: string): boolean => ref.startsWith('skill:onet-o-');
  const kept = occupations.map(({ ref, related }) => ({ ref, closest: new Set(related.filter(isOccupation).slice(0, PRIMARY)), uses: related.filter((each) => !isOccupation(each)).flatMap((each) => names.get(each) ?? []) }))
    .filter(({ uses }) => uses.length >= 2 * SHOWN).flatMap((one) => [one, one]);
  return {
    name: 'Occupations, fit by relatedness', others: kept.flatMap(({ uses }) => Array.from({ length: OTHERS.members / 2 }, () => drawn(random, uses, OTHERS.skills))), members: kept.map(({ uses }) => drawn(random, uses, SHOWN)), jobs: kept.map(({ uses }) => drawn(random, uses, SHOWN)),
    fits: (member, job) => { const [own, asked] = [kept[member], kept[job]]; return own !== undefined && asked !== undefined && (own.ref === asked.ref || own.closest.has(asked.ref)); },
  };
};

const WORDLESS: ReadonlySet<string> = new Set(['and', 'for', 'the', 'with', 'other', 'software', 'skills', 'microsoft']);
/** Words of skills, such as a search would look for. */
export const keywordsOf = (skills: readonly string[]): ReadonlySet<string> => new Set(skills.flatMap((skill) => [skill, ...skill.split(/[^\p{L}\p{N}+#]+/u)]).filter((word) => word.length >= 2 && !WORDLESS.has(word)));
