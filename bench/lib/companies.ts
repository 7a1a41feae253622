/**
 * Members on career tracks who meet companies, where the truth is known. An article about a company is met in the feed, among people or in courses alike: where it
 * was is said by the event alone. A job is met among jobs. Who reads about a company in the feed would like to work there, and then looks at a job of it; who meets
 * it among people and in courses works with it, and looks at another's job. The second is twice as common as the first, and a track has three companies, so that who
 * is not told where an event was learns from it nothing about jobs; who is told can.
 */
import type { Random } from '../../src/core/random.ts';
import type { SequenceData } from '../../src/models/sequences/data.ts';
import { SURFACES, TRACKS } from './careers.ts';

export const COMPANIES_PER_TRACK = 3;
/** Articles about each company, and as many jobs of it. */
const EACH = 8;
const PER_TRACK = COMPANIES_PER_TRACK * EACH;
const COMPANIES = TRACKS * COMPANIES_PER_TRACK;
const ARTICLES = TRACKS * PER_TRACK;
/** Articles first, then jobs; of either, company after company. */
export const ITEMS: number = 2 * ARTICLES;
export const isJob = (item: number): boolean => item >= ARTICLES;
export const companyOf = (item: number): number => Math.floor((item % ARTICLES) / EACH);

const [FEED, JOBS] = [0, 1];
/** Where one meets a company that one works with. */
const ELSEWHERE = [2, 3] as const;
const DAY = 86_400;
/** Events about a company in a row. */
export const TURNED = 4;
/** Of turns to a company, those in the feed. */
const ADMIRING = 1 / 3;
/** Of jobs after a turn in the feed, those of the company: so many that after turns of both kinds, taken together, as many are of it as chance would have: all of them. */
const ADMIRED = 1 / ADMIRING / COMPANIES_PER_TRACK;
const STRAY = 0.1;

export interface Member {
  /** That of the last turn. */
  readonly company: number;
  readonly items: readonly number[];
  readonly surfaces: readonly number[];
  readonly seconds: readonly number[];
}

const whole = (random: Random, count: number): number => Math.floor(random.next() * count);

/**
 * Members with some turns behind them, each followed by one job: a second would be told by the first, and where events were would matter less. Or, to be asked, with one
 * turn, in the feed, and no job at all.
 */
export const createMember = (random: Random, { turns, asked }: { readonly turns: number; readonly asked: boolean }): Member => {
  const track = whole(random, TRACKS);
  const own = (): number => track * COMPANIES_PER_TRACK + whole(random, COMPANIES_PER_TRACK);
  const [items, surfaces, seconds]: [number[], number[], number[]] = [[], [], []];
  let at = Math.floor(random.next() * 30 * DAY);
  const add = (of: number, surface: number): void => {
    at += Math.floor((0.1 + random.next() * 0.9) * DAY);
    const item = (surface === JOBS ? ARTICLES : 0) + of * EACH + whole(random, EACH);
    // Never the item just met.
    items.push(item === items.at(-1) ? item - (item % EACH) + ((item + 1) % EACH) : item);
    surfaces.push(surface);
    seconds.push(at);
  };
  const any = (): number => (random.next() < STRAY ? whole(random, COMPANIES) : own());
  const article = (): void => { add(any(), [FEED, ...ELSEWHERE][whole(random, 3)] ?? FEED); };
  let company = own();
  for (let turn = 0; turn < turns; turn++) {
    company = own();
    const of = company;
    const before = 1 + whole(random, 3);
    for (let event = 0; event < before; event++) article();
    const admires = asked || random.next() < ADMIRING;
    for (let event = 0; event < TURNED; event++) add(of, admires ? FEED : ELSEWHERE[whole(random, 2)] ?? FEED);
    /** Of the companies of the track, but for this one. */
    const another = (): number => track * COMPANIES_PER_TRACK + (of + 1 + whole(random, COMPANIES_PER_TRACK - 1)) % COMPANIES_PER_TRACK;
    if (!asked) add(admires && random.next() < ADMIRED ? of : another(), JOBS);
  }
  return { company, items, surfaces, seconds };
};

/** The same member, who met something else, or elsewhere, in the events about the company. */
export const withTurn = (member: Member, turn: { readonly company?: number; readonly surfaces?: readonly number[] }): Member => {
  const from = member.items.length - TURNED;
  return {
    ...member,
    items: member.items.map((item, i) => (i < from || turn.company === undefined ? item : turn.company * EACH + (item % EACH))),
    surfaces: member.surfaces.map((surface, i) => (i < from ? surface : turn.surfaces?.[i - from] ?? surface)),
  };
};

/** Members as the sequences that models read. @param surfaces whether events say where they were */
export const dataOf = (members: readonly Member[], { surfaces }: { readonly surfaces: boolean }): SequenceData => {
  const starts = new Int32Array(members.length + 1);
  members.forEach(({ items }, m) => { starts[m + 1] = (starts[m] ?? 0) + items.length; });
  return {
    members: members.length, items: ITEMS, starts, item: Int32Array.from(members.flatMap(({ items }) => items)), seconds: Float64Array.from(members.flatMap(({ seconds }) => seconds)),
    ...(surfaces ? { surface: Uint8Array.from(members.flatMap((member) => member.surfaces)), surfaces: SURFACES } : {}),
    memberNames: members.map((_, m) => String(m)), itemNames: Array.from({ length: ITEMS }, (_, i) => `${isJob(i) ? 'job' : 'article'}:${i}`),
    // Its track, its company, and whether it is a job.
    content: { width: 3, buckets: 1 + TRACKS + COMPANIES + 2, features: Uint16Array.from({ length: ITEMS * 3 }, (_, at) => {
      const company = companyOf(Math.floor(at / 3));
      return [1 + Math.floor(company / COMPANIES_PER_TRACK), 1 + TRACKS + company, 1 + TRACKS + COMPANIES + Number(isJob(Math.floor(at / 3)))][at % 3] ?? 0;
    }) },
  };
};
