/** Articles, posts and jobs: text from hand-written parts, chosen by a seeded stream. */
import type { Random } from '../core/random.ts';
import { interestAt } from './career.ts';
import { pick, sample, weighted, whole } from './chance.ts';
import type { Company, Person } from './people.ts';
import { FIELDS, TOPICS } from './text/fields.ts';
import { COMPANY_POSTS, JOB_DESCRIPTIONS, POST_CLOSERS, POST_FRAMES, POST_OPENERS, REACTIONS, SUMMARY_CLOSERS, TITLE_FRAMES, fill } from './text/frames.ts';
import { PLACES, SOURCES } from './text/names.ts';
import type { Topic } from './text/topic.ts';

/** As `PUT /v1/entities/{kind}/{id}` and the lines of `POST /v1/entities` want it. */
export interface Entity { readonly kind: string; readonly id: string; readonly createdAt: string; readonly attributes: Readonly<Record<string, unknown>> }
/** Where and when a piece of content comes into the world; `at` in milliseconds since the epoch. */
export interface Birth { readonly id: string; readonly at: number }
export interface Seen { readonly ref: string; readonly title: string; readonly topics: readonly string[] }

const CURRENCIES: Readonly<Record<string, string>> = { Portugal: 'EUR', Germany: 'EUR', France: 'EUR', Netherlands: 'EUR', Estonia: 'EUR', Spain: 'EUR', Ireland: 'EUR', 'United Kingdom': 'GBP', 'United States': 'USD', Canada: 'CAD', Australia: 'AUD' };

const entity = (kind: string, birth: Birth, attributes: Record<string, unknown>): Entity => ({ kind, id: birth.id, createdAt: new Date(birth.at).toISOString(), attributes });
const topicsOf = (fields: readonly number[]): readonly Topic[] => fields.length === 0 ? TOPICS : fields.flatMap((field) => FIELDS[field]?.topics ?? []);
const topicCalled = (name: string): Topic | undefined => TOPICS.find((topic) => topic.name === name);
const slotsOf = (random: Random, topic: Topic, companies: readonly Company[]): Record<string, string> & { company: string } => {
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
export const createPost = (random: Random, birth: Birth, by: { readonly person: Person; readonly companies: readonly Company[]; readonly read: readonly Seen[] }): Entity => {
  const read = by.read.length > 0 && random.next() < 0.45 ? pick(random, by.read) : undefined;
  const own = TOPICS[weighted(TOPICS.map((_, topic) => interestAt(by.person.inner, topic, birth.at) ** 3))(random)] ?? pick(random, TOPICS);
  const topic = topicCalled(read?.topics[0] ?? own.name) ?? own;
  const slots = slotsOf(random, topic, by.companies);
  if (read !== undefined) {
    return entity('post', birth, { text: fill(pick(random, REACTIONS), { ...slots, title: read.title }), author: by.person.ref, about: read.ref, topics: [topic.name], language: 'en' });
  }
  const body = random.next() < 0.45 ? pick(random, topic.remarks) : fill(pick(random, POST_FRAMES), slots);
  const text = `${pick(random, POST_OPENERS)}${body}${fill(pick(random, POST_CLOSERS), slots)}`;
  return entity('post', birth, { text, author: by.person.ref, topics: [topic.name], language: 'en' });
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
    title: pick(random, topic.roles), company: company.ref, place, mode: pick(random, ['onSite', 'hybrid', 'remote']), skills: sample(random, topic.skills, 3), topics: [topic.name],
    description: fill(pick(random, JOB_DESCRIPTIONS), slotsOf(random, topic, [company])),
    ...(currency === undefined ? {} : { pay: { min, max: min + whole(random, 8, 25) * 1000, currency, per: 'year' } }),
  });
};
