/** Articles, posts and jobs: text from hand-written parts, chosen by a seeded stream. */
import { DAY, HOUR } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { interestAt } from './career.ts';
import { exponential, pick, sample, weighted, whole } from './chance.ts';
import { titleAt } from './life-story.ts';
import type { Company, Person } from './people.ts';
import { FIELDS, TOPICS } from './text/fields.ts';
import { COMPANY_POSTS, GATHERINGS, JOB_DESCRIPTIONS, MENTIONS, POST_CLOSERS, POST_FRAMES, POST_OPENERS, PROFILE_CHANGES, REACTIONS, SUMMARY_CLOSERS, TITLE_FRAMES, fill } from './text/frames.ts';
import { PLACES, SOURCES } from './text/names.ts';
import { skillsOf } from './text/occupations.ts';
import type { Topic } from './text/topic.ts';

/** As `PUT /v1/entities/{kind}/{id}` and the lines of `POST /v1/entities` want it. */
export interface Entity { readonly kind: string; readonly id: string; readonly createdAt: string; readonly attributes: Readonly<Record<string, unknown>> }
/** Where and when a piece of content comes into the world; `at` in milliseconds since the epoch. */
export interface Birth { readonly id: string; readonly at: number }
export interface Seen { readonly ref: string; readonly title: string; readonly topics: readonly string[] }

/** Rows of RANKS: what is looked for most. */
const JOB_RANKS: readonly number[] = [0, 1, 1, 1, 2, 2, 3];
const CURRENCIES: Readonly<Record<string, string>> = { Portugal: 'EUR', Germany: 'EUR', France: 'EUR', Netherlands: 'EUR', Estonia: 'EUR', Spain: 'EUR', Ireland: 'EUR', 'United Kingdom': 'GBP', 'United States': 'USD', Canada: 'CAD', Australia: 'AUD' };

export const entity = (kind: string, birth: Birth, attributes: Record<string, unknown>): Entity => ({ kind, id: birth.id, createdAt: new Date(birth.at).toISOString(), attributes });
export const topicsOf = (fields: readonly number[]): readonly Topic[] => fields.length === 0 ? TOPICS : fields.flatMap((field) => FIELDS[field]?.topics ?? []);
const topicCalled = (name: string): Topic | undefined => TOPICS.find((topic) => topic.name === name);
export const slotsOf = (random: Random, topic: Topic, companies: readonly Company[]): Record<string, string> & { company: string } => {
  const [thing, other] = sample(random, topic.things, 2);
  return { thing: thing ?? topic.name, other: other ?? topic.name, topic: topic.name, place: pick(random, PLACES).split(',')[0] ?? '', n: String(whole(random, 5, 48)), company: pick(random, companies).name };
};
const slug = (title: string): string => title.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 80);

export const createArticle = (random: Random, birth: Birth, companies: readonly Company[]): Entity => {
  const source = pick(random, SOURCES);
  const topic = pick(random, topicsOf(source.fields));
  const second = random.next() < 0.35 ? pick(random, TOPICS) : topic;
  const near = companies.filter((company) => company.topics.includes(topic.name));
  const frame = pick(random, TITLE_FRAMES);
  const slots = slotsOf(random, topic, near.length > 0 ? near : companies);
  const other = second === topic ? slots['other'] ?? '' : pick(random, second.things);
  const title = fill(frame, { ...slots, other });
  const closer = pick(random, SUMMARY_CLOSERS);
  const mentioned = companies.filter((company) => company.name === slots.company && (frame.includes('{company}') || closer.includes('{company}')));
  return entity('article', birth, {
    title, summary: `${pick(random, topic.findings)} ${fill(closer, { ...slots, other })}`, source: source.name,
    url: `https://${source.host}/${new Date(birth.at).getUTCFullYear()}/${slug(title)}`, topics: [...new Set([topic.name, second.name])], language: 'en',
    ...(mentioned.length > 0 ? { mentions: mentioned.map((company) => company.ref) } : {}),
  });
};

/** A member writes about what they care about, which their profile may not say; now and then about an article just read. */
export const createPost = (random: Random, birth: Birth, by: { readonly person: Person; readonly companies: readonly Company[]; readonly read: readonly Seen[]; readonly mentions: number }): Entity => {
  const read = by.read.length > 0 && random.next() < 0.45 ? pick(random, by.read) : undefined;
  const own = TOPICS[weighted(TOPICS.map((_, topic) => interestAt(by.person.inner, topic, birth.at) ** 3))(random)] ?? pick(random, TOPICS);
  const topic = topicCalled(read?.topics[0] ?? own.name) ?? own;
  const slots = slotsOf(random, topic, by.companies);
  if (read !== undefined) {
    return entity('post', birth, { text: fill(pick(random, REACTIONS), { ...slots, title: read.title }), author: by.person.ref, about: read.ref, form: 'share', topics: [topic.name], language: 'en' });
  }
  if (random.next() < by.mentions) {
    const near = by.companies.filter((company) => company.topics.includes(topic.name));
    const company = pick(random, near.length > 0 ? near : by.companies);
    return entity('post', birth, { text: fill(pick(random, MENTIONS), { ...slots, company: company.name }), author: by.person.ref, topics: [topic.name], mentions: [company.ref], language: 'en' });
  }
  const body = random.next() < 0.45 ? pick(random, topic.remarks) : fill(pick(random, POST_FRAMES), slots);
  const text = `${pick(random, POST_OPENERS)}${body}${fill(pick(random, POST_CLOSERS), slots)}`;
  return entity('post', birth, { text, author: by.person.ref, topics: [topic.name], language: 'en' });
};

/** News of a new position in the trade of the member, at another company. */
export const createProfileChange = (random: Random, birth: Birth, { person, companies }: { readonly person: Person; readonly companies: readonly Company[] }): Entity => {
  const topic = topicCalled(person.declared[0] ?? '') ?? pick(random, TOPICS);
  const near = companies.filter(({ ref, field }) => ref !== person.company && field === person.field);
  const company = pick(random, near.length > 0 ? near : companies);
  const slots = { ...slotsOf(random, topic, [company]), role: titleAt(random, topic, person.story.rank) };
  return entity('post', birth, { form: 'profileChange', text: fill(pick(random, PROFILE_CHANGES), slots), author: person.ref, topics: [topic.name], mentions: [company.ref], language: 'en' });
};

/** An event that somebody holds some days from now: a company, or now and then a creator. */
export const createGathering = (random: Random, birth: Birth, by: { declaring(topic: string): readonly Person[]; readonly companies: readonly Company[]; readonly leadDays: number }): Entity => {
  const company = pick(random, by.companies);
  const topic = pick(random, topicsOf([company.field]));
  const hosts = by.declaring(topic.name).filter(({ creator }) => creator);
  const host = hosts.length > 0 && random.next() < 0.35 ? pick(random, hosts).ref : company.ref;
  const place = pick(random, PLACES);
  const slots = { ...slotsOf(random, topic, [company]), place: place.split(',')[0] ?? '' };
  const [title, summary] = pick(random, GATHERINGS);
  const startsAt = Math.ceil((birth.at + DAY + exponential(random, by.leadDays * DAY)) / HOUR) * HOUR;
  return entity('event', birth, { title: fill(title, slots), summary: fill(summary, slots), author: host, startsAt: new Date(startsAt).toISOString(), place, topics: [topic.name], language: 'en' });
};

export const createCompanyPost = (random: Random, birth: Birth, companies: readonly Company[]): Entity => {
  const company = pick(random, companies);
  const topic = pick(random, topicsOf([company.field]));
  return entity('post', birth, { text: fill(pick(random, COMPANY_POSTS), slotsOf(random, topic, [company])), author: company.ref, topics: [topic.name], language: 'en' });
};

export const createJob = (random: Random, birth: Birth, companies: readonly Company[]): Entity => {
  const company = pick(random, companies);
  const topic = pick(random, topicsOf([company.field]));
  const place = pick(random, PLACES);
  const currency = CURRENCIES[place.split(', ').at(-1) ?? ''];
  const min = whole(random, 42, 90) * 1000;
  return entity('job', birth, {
    title: titleAt(random, topic, pick(random, JOB_RANKS)), company: company.ref, place, mode: pick(random, ['onSite', 'hybrid', 'remote']), skills: sample(random, skillsOf(topic), 3), topics: [topic.name],
    description: fill(pick(random, JOB_DESCRIPTIONS), slotsOf(random, topic, [company])),
    ...(currency === undefined ? {} : { pay: { min, max: min + whole(random, 8, 25) * 1000, currency, per: 'year' } }),
  });
};
