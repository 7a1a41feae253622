/** What a career was until now: schools, positions and a rank that grew with the years; headline and About text are made of them. */
import { normal } from '../core/random.ts';
import type { Random } from '../core/random.ts';
import { exponential, pick, sample } from './chance.ts';
import type { Scalars } from './parameters.ts';
import { FIELDS, TOPICS } from './text/fields.ts';
import { ABOUTS, HEADLINES, HISTORIES, fill } from './text/frames.ts';
import { PLACES } from './text/names.ts';
import { skillsOf, titlesOf } from './text/occupations.ts';
import { DEGREES, FURTHER_DEGREES, SCHOOLS } from './text/schools.ts';
import type { Topic } from './text/topic.ts';

/** Ranks from the first to the last, and the years of experience that they usually take. */
export const RANKS: readonly { readonly prefix: string; readonly years: number }[] = [
  { prefix: 'Junior ', years: 0 }, { prefix: '', years: 2.5 }, { prefix: 'Senior ', years: 7 }, { prefix: 'Lead ', years: 12 }, { prefix: 'Principal ', years: 18 },
];
/** Years by which two people of the same experience may differ in rank, as a standard deviation. */
const RANK_SPREAD = 2;
/** Positions and schools are dated back from this month: careers are older than any history that a world begins. */
const PRESENT_MONTH = 2025 * 12 + 11;
const MOST_YEARS = 38;
const MOST_POSITIONS = 8;
const SECOND_DEGREE = 0.35;
/** An employer of before was in the same industry. */
const SAME_INDUSTRY = 0.75;

export interface Employer { readonly ref: string; readonly name: string; readonly field: number }
export interface Position { readonly title: string; readonly company: string; readonly from: string; readonly to?: string; readonly place?: string }
export interface Education { readonly school: string; readonly degree: string; readonly field: string; readonly from: string; readonly to: string }

export interface LifeStory {
  /** Row of RANKS. */
  readonly rank: number;
  readonly years: number;
  /** Newest first. */
  readonly positions: readonly Position[];
  readonly education: readonly Education[];
  readonly headline: string;
  readonly about: string;
  readonly place: string;
  readonly skills: readonly string[];
}

const month = (number: number): string => `${Math.floor(number / 12)}-${String(number % 12 + 1).padStart(2, '0')}`;
export const rankAt = (years: number): number => Math.max(0, RANKS.findLastIndex((rank) => rank.years <= years));
export const titleAt = (random: Random, topic: Topic, rank: number): string => `${RANKS[rank]?.prefix ?? ''}${pick(random, titlesOf(topic))}`;

export interface StoryOf { readonly field: number; readonly company: Employer; readonly companies: readonly Employer[]; readonly topics: readonly Topic[]; readonly values: Scalars }

/** Backwards from now: each position as long as its member stayed, with the title of that time; a change of track lies before the first one of the present track. */
const drawPositions = (random: Random, of: StoryOf, years: { readonly total: number; readonly luck: number }): readonly Position[] => {
  const { values, companies, field } = of;
  const near = companies.filter((company) => company.field === field);
  const [main = TOPICS[0]] = of.topics;
  if (main === undefined) return [];
  const positions: Position[] = [];
  const began = PRESENT_MONTH - Math.round(12 * years.total);
  const oldTrack = random.next() < values.formerTrack ? pick(random, TOPICS) : undefined;
  let end = PRESENT_MONTH;
  while (end > began && positions.length < MOST_POSITIONS) {
    const isFirst = positions.length === 0;
    const length = Math.max(4, Math.round(12 * exponential(random, values.positionYears)));
    const from = positions.length === MOST_POSITIONS - 1 ? began : Math.max(began, end - length);
    const then = (from - began) / 12;
    const company = isFirst ? of.company : pick(random, random.next() < SAME_INDUSTRY && near.length > 0 ? near : companies);
    const topic = oldTrack !== undefined && then < years.total / 3 && !isFirst ? oldTrack : main;
    const rank = rankAt((isFirst ? years.total : then) + years.luck);
    positions.push({ title: titleAt(random, topic, rank), company: company.ref, from: month(from), ...(isFirst ? {} : { to: month(end) }), ...(random.next() < 0.5 ? { place: pick(random, PLACES) } : {}) });
    end = from - (random.next() < 0.2 ? 2 : 0);
  }
  return positions;
};

/** Most study near home, and before they work. */
const drawEducation = (random: Random, { field }: StoryOf, to: { readonly place: string; readonly began: number }): readonly Education[] => {
  const topics = FIELDS[field]?.topics ?? [];
  const home = SCHOOLS.filter((school) => school.place === to.place);
  const schoolOf = (): string => `school:${pick(random, home.length > 0 && random.next() < 0.5 ? home : SCHOOLS).id}`;
  const degreeOf = (degrees: readonly (readonly [string, number])[], end: number): Education => {
    const [degree, years] = pick(random, degrees);
    return { school: schoolOf(), degree, field: pick(random, topics.length > 0 ? topics : TOPICS).name, from: month(end - 12 * years), to: month(end) };
  };
  const first = degreeOf(DEGREES, to.began);
  return random.next() < SECOND_DEGREE ? [degreeOf(FURTHER_DEGREES, to.began + 24), first] : [first];
};

const inSentence = (topic: Topic): string => topic.name.toLowerCase().replace(/\bai\b/, 'AI');

export const drawStory = (random: Random, of: StoryOf): LifeStory => {
  const total = Math.min(MOST_YEARS, 0.5 + exponential(random, of.values.experienceYears));
  const luck = RANK_SPREAD * normal(random);
  const place = pick(random, PLACES);
  const positions = drawPositions(random.fork('positions'), of, { total, luck });
  const education = drawEducation(random.fork('education'), of, { place, began: PRESENT_MONTH - Math.round(12 * total) });
  const [main, other = main] = [of.topics[0], of.topics.at(-1)];
  if (main === undefined || other === undefined) throw new RangeError('a life story needs a topic');
  const [now, before] = positions;
  const nameOf = (ref: string | undefined): string => of.companies.find((company) => company.ref === ref)?.name ?? of.company.name;
  const slots = {
    role: now?.title ?? titleAt(random, main, 0), company: of.company.name, topic: inSentence(main), other: inSentence(other), thing: pick(random, main.things),
    place: place.split(',')[0] ?? place, former: before?.title ?? '', formerCompany: nameOf(before?.company), years: String(Math.max(1, Math.round(total))),
    school: SCHOOLS.find(({ id }) => `school:${id}` === education.at(-1)?.school)?.name ?? '',
  };
  const histories = HISTORIES.filter((frame) => before !== undefined || !frame.includes('{former'));
  return {
    rank: rankAt(total + luck), years: total, positions, education, place,
    headline: fill(pick(random, HEADLINES), slots).slice(0, 220),
    about: `${fill(pick(random, ABOUTS), { ...slots, other: pick(random, other.things) })} ${fill(pick(random, histories), slots)}`,
    skills: [...new Set([...sample(random, skillsOf(main), 3 + (rankAt(total + luck) > 1 ? 1 : 0)), ...sample(random, skillsOf(other), 2)])],
  };
};
