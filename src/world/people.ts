/** Members and companies: what they declare, who they know, and what only the simulator knows about them. */
import { normal } from '../core/random.ts';
import type { Random } from '../core/random.ts';
import { drawCareer, type Career } from './career.ts';
import { exponential, pick, sample, weighted, whole } from './chance.ts';
import { drawStory, type LifeStory } from './life-story.ts';
import { RESPONSES } from './parameters.ts';
import type { Scalars } from './parameters.ts';
import { FIELDS, TOPICS, topicNumber } from './text/fields.ts';
import { COMPANIES, NAMES, PLACES } from './text/names.ts';

/** What the simulator alone knows: no request carries any of it. */
export interface Inner {
  /** By topic number, 0 to 1. */
  readonly interest: readonly number[];
  /** Where they are going: what `interest` becomes in time, see `interestAt`. */
  readonly career: Career;
  /** Readiness to respond at all, added to every logit. */
  readonly temperament: number;
  readonly kindPreference: Readonly<Record<string, number>>;
  /** Strength by reference, 0 to 1; grows as members connect and follow. */
  readonly ties: Map<string, number>;
  /** Sessions relative to the average member. */
  readonly activity: number;
  /** Scroll depth relative to the average session. */
  readonly patience: number;
  /** Posts relative to the average author. */
  readonly authorship: number;
  /** Numbers of topics of their past: what they declare, what they always cared about, and their industry. */
  readonly past: ReadonlySet<number>;
  /** Liking for what lies outside `past`, added to the logits of such cards. */
  readonly novelty: number;
}

export interface Person {
  readonly id: string;
  readonly ref: string;
  readonly field: number;
  readonly company: string;
  readonly declared: readonly string[];
  /** Posts for an audience beyond their own network. */
  readonly creator: boolean;
  readonly story: LifeStory;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inner: Inner;
}

export interface Company { readonly id: string; readonly ref: string; readonly field: number; readonly name: string; readonly topics: readonly string[]; readonly attributes: Readonly<Record<string, unknown>> }

const fieldOf = (field: number): (typeof FIELDS)[number] => {
  const found = FIELDS[field];
  if (found === undefined) throw new RangeError(`there is no field ${field}`);
  return found;
};

export const createCompanies = (random: Random): readonly Company[] => COMPANIES.map(({ id, name, field, about }) => {
  const { industry, topics } = fieldOf(field);
  const names = topics.map((topic) => topic.name);
  return { id, ref: `company:${id}`, field, name, topics: names, attributes: { name, about, industry, place: pick(random, PLACES), topics: names } };
});

interface Draft { readonly id: string; readonly ref: string; readonly field: number; readonly company: Company; readonly declared: readonly string[]; readonly creator: boolean; readonly story: LifeStory; readonly attributes: Record<string, unknown>; readonly interest: number[] }

/** Most of a profile is true; some of it is out of date, and some of the member is not on it. */
const drawInterest = (random: Random, profile: { readonly declared: readonly string[]; readonly field: number }, values: Scalars): number[] => {
  const { declared } = profile;
  const own = fieldOf(profile.field).topics.map((topic) => topic.name);
  const interest = TOPICS.map((topic) => own.includes(topic.name) ? 0.15 + 0.3 * random.next() : 0.2 * random.next() ** 2);
  const set = (topic: string, value: number): void => { interest[topicNumber(topic) ?? 0] = value; };
  for (const topic of declared) set(topic, random.next() < values.falseInterest ? 0.1 : 0.55 + 0.45 * random.next());
  const hidden = TOPICS.map((topic) => topic.name).filter((topic) => !declared.includes(topic));
  for (const topic of sample(random, hidden, values.latentTopics)) set(topic, 0.5 + 0.45 * random.next());
  return interest;
};

const draftPerson = (random: Random, number: number, parts: { readonly values: Scalars; readonly companies: readonly Company[] }): Draft => {
  const field = number % FIELDS.length;
  const { industry, topics } = fieldOf(field);
  const company = pick(random, random.next() < 0.85 ? parts.companies.filter((one) => one.field === field) : parts.companies);
  const names = pick(random, NAMES);
  const outside = TOPICS.filter((topic) => !topics.includes(topic));
  const declaredTopics = [...sample(random, topics, whole(random, 1, 3)), ...sample(random, outside, whole(random, 1, 2))];
  const declared = declaredTopics.map((topic) => topic.name);
  const story = drawStory(random.fork('story'), { field, company, companies: parts.companies, topics: declaredTopics, values: parts.values });
  const creator = random.fork('creator').next() < parts.values.creators;
  return {
    id: String(number + 1), ref: `member:${number + 1}`, field, company, declared, creator, story, interest: drawInterest(random, { declared, field }, parts.values),
    attributes: {
      name: `${pick(random, names.given)} ${pick(random, names.family)}`, headline: story.headline, about: story.about, company: company.ref, industry, place: story.place, locale: 'en',
      skills: story.skills, topics: declared, positions: story.positions, education: story.education, ...(creator ? { creator } : {}),
    },
  };
};

/** How alike two members are in what they care about, 0 to 1. */
const likeness = (one: readonly number[], other: readonly number[]): number => {
  let both = 0; let first = 0; let second = 0;
  for (const [topic, a] of one.entries()) { const b = other[topic] ?? 0; both += a * b; first += a * a; second += b * b; }
  return both / Math.sqrt(first * second || 1);
};

/** People who worked or studied in one place, whenever that was, may know each other. */
const SHARED_PAST = 0.2;
const sharePast = (one: LifeStory, other: LifeStory): boolean =>
  one.positions.some(({ company }) => other.positions.some((position) => position.company === company)) || one.education.some(({ school }) => other.education.some((education) => education.school === school));

/** Communities by industry and employer: most ties stay inside, enough leave to make the network one. */
const drawConnections = (random: Random, drafts: readonly Draft[], values: Scalars): readonly Map<number, number>[] => {
  const ties = drafts.map(() => new Map<number, number>());
  const wanted = Math.round(drafts.length * values.connections / 2);
  const byField = FIELDS.map((_, field) => drafts.flatMap((draft, number) => draft.field === field ? [number] : []));
  const everyone = drafts.map((_, number) => number);
  const popularity = everyone.map(() => 0.3 + exponential(random, 0.7));
  for (let made = 0, tries = 0; made < wanted && tries < wanted * 30; tries++) {
    const from = pick(random, everyone);
    const one = drafts[from];
    const to = pick(random, random.next() < values.insideField ? byField[one?.field ?? 0] ?? everyone : everyone);
    const two = drafts[to];
    if (one === undefined || two === undefined || from === to || ties[from]?.has(to) === true) continue;
    const alike = likeness(one.interest, two.interest) + (one.company.id === two.company.id ? 0.4 : sharePast(one.story, two.story) ? SHARED_PAST : 0);
    if (random.next() > (0.2 + alike) * Math.min(popularity[to] ?? 1, 2) / 2) continue;
    const strength = Math.min(1, Math.max(0.1, 0.55 * alike + 0.2 * normal(random) + 0.15));
    ties[from]?.set(to, strength);
    ties[to]?.set(from, strength);
    made++;
  }
  return ties;
};

interface Creator { readonly draft: Draft; readonly fame: number }
/** A member comes across so many creators, of whom they follow some. */
const CREATORS_MET = 48;

/** Creators whom a member follows: those who write about what the member cares about, a few of them known to many. */
const drawCreators = (random: Random, draft: Draft, { creators, count }: { readonly creators: readonly Creator[]; readonly count: number }): readonly string[] => {
  const met = creators.length <= CREATORS_MET ? creators : Array.from({ length: CREATORS_MET }, () => pick(random, creators));
  const others = met.filter((creator) => creator.draft !== draft);
  if (others.length === 0) return [];
  const draw = weighted(others.map((creator) => creator.fame * likeness(draft.interest, creator.draft.interest) ** 4));
  return [...new Set(Array.from({ length: count }, () => others[draw(random)]?.draft.ref ?? '').filter((ref) => ref !== ''))];
};

/** So many hashtags as chance has it, of the topics that the member cares about. */
const drawHashtags = (random: Random, interest: readonly number[], mean: number): readonly string[] => {
  const draw = weighted(interest.map((value) => value ** 3));
  return [...new Set(Array.from({ length: Math.floor(exponential(random, mean + 0.5)) }, () => `hashtag:h${draw(random)}`))].slice(0, 12);
};

/** A topic one cares about as much as this belongs to one's past. */
const CARED_FOR = 0.4;

const innerOf = (own: Random, draft: Draft, parts: { readonly ties: Map<string, number>; readonly career: Career; readonly values: Scalars }): Inner => {
  const { values } = parts;
  const temperament = values.temperament * normal(own);
  const kinds = [...new Set(Object.values(RESPONSES).flatMap((response) => response.kinds as readonly string[]))];
  const industry = new Set(fieldOf(draft.field).topics.map((topic) => topic.name));
  return {
    interest: draft.interest, career: parts.career, temperament, ties: parts.ties,
    kindPreference: Object.fromEntries(kinds.map((kind) => [kind, values.kindPreference * normal(own)])),
    activity: 0.25 + exponential(own, 0.75), patience: 0.6 + 0.8 * own.next(), authorship: (0.3 + exponential(own, 0.7)) * (draft.creator ? values.creatorPosts : 1),
    past: new Set(TOPICS.flatMap(({ name }, topic) => (industry.has(name) || draft.declared.includes(name) || (draft.interest[topic] ?? 0) >= CARED_FOR ? [topic] : []))),
    novelty: values.novelty * normal(own),
  };
};

export const createPeople = (random: Random, companies: readonly Company[], values: Scalars): readonly Person[] => {
  const drafts = Array.from({ length: values.members }, (_, number) => draftPerson(random.fork(`person:${number}`), number, { values, companies }));
  const connections = drawConnections(random.fork('connections'), drafts, values);
  const fame = random.fork('fame');
  const creators = drafts.filter(({ creator }) => creator).map((draft) => ({ draft, fame: 0.2 + exponential(fame, 0.8) }));
  return drafts.map((draft, number) => {
    const own = random.fork(`inner:${number}`);
    const known = [...connections[number] ?? []];
    const ties = new Map(known.map(([other, strength]) => [`member:${other + 1}`, strength]));
    const companiesFollowed = [draft.company, ...sample(own, companies.filter((one) => one !== draft.company && one.topics.some((topic) => draft.declared.includes(topic))), 3)];
    for (const company of companiesFollowed) ties.set(company.ref, 0.2 + 0.4 * own.next());
    const inner = innerOf(own, draft, { ties, values, career: drawCareer(random.fork(`career:${number}`), draft, values) });
    const after = random.fork(`follows:${number}`);
    const followed = drawCreators(after, draft, { creators, count: values.creatorsFollowed });
    for (const ref of followed) ties.set(ref, Math.max(ties.get(ref) ?? 0, 0.15 + 0.35 * after.next()));
    const follows = [...companiesFollowed.map((company) => company.ref), ...followed, ...drawHashtags(after, draft.interest, values.hashtagsFollowed)];
    const attributes = { ...draft.attributes, connections: known.map(([other]) => `member:${other + 1}`), follows };
    return { id: draft.id, ref: draft.ref, field: draft.field, company: draft.company.ref, declared: draft.declared, creator: draft.creator, story: draft.story, attributes, inner };
  });
};
