/** What a card shows of an entity, as JSON text rendered once, on write (shape: `card` in http/contracts.ts). */
import type { StoredEntity } from './records.ts';

const string = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []);

const KIND_NAMES: Readonly<Record<string, string>> = { member: 'Member', company: 'Company', article: 'Article', post: 'Post', job: 'Job', group: 'Group', course: 'Course', event: 'Event', newsletter: 'Newsletter', topic: 'Topic', skill: 'Skill' };

/** An item without a title says so, by kind and the first characters of its id: "Article 1a2b". */
export const fallbackName = (kind: string, id: string): string =>
  `${KIND_NAMES[kind] ?? kind} ${id.replace(/^-/, '').slice(0, 4)}`;

const own = (entity: StoredEntity): string | null =>
  string(entity.attributes['title']) ?? string(entity.attributes['name']);

const excerpt = (text: string | null, max: number): string | null => (text !== null && text.length > max ? `${text.slice(0, max - 1).trimEnd()}…` : text);

const pay = (value: unknown): string | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { min, max, currency, per } = value as { min: number; max: number; currency: string; per: string };
  return `${currency} ${min.toLocaleString('en')}–${max.toLocaleString('en')} a ${per}`;
};

const subtitle = (entity: StoredEntity): string | null => {
  const { attributes } = entity;
  const parts = [string(attributes['headline']), string(attributes['source']), string(attributes['industry']), string(attributes['place']), string(attributes['mode']), pay(attributes['pay'])];
  const present = parts.filter((part) => part !== null);
  return present.length === 0 ? null : present.join(' · ');
};

/** A post has no title: its first sentence stands for one, where it is short enough, and the rest is its text. */
const POST_TITLE_LENGTH = 120;
const splitPost = (text: string): { readonly title: string; readonly rest: string | null } => {
  const end = /^[^\n]*?[.!?…](?=\s|$)|^[^\n]+(?=\n|$)/u.exec(text)?.[0] ?? text;
  if (end.length > POST_TITLE_LENGTH) return { title: excerpt(text, POST_TITLE_LENGTH) ?? text, rest: text };
  const rest = text.slice(end.length).trim();
  return { title: end, rest: rest === '' ? null : rest };
};

/** Of a post that a sentence speaks of. */
const POST_NAME_LENGTH = 60;
const postText = (entity: StoredEntity): string | null => (entity.kind === 'post' ? string(entity.attributes['text']) : null);

/** What an entity is called in a sentence about another; a post is called by how it begins. */
export const nameOf = (entity: StoredEntity): string => {
  const post = postText(entity);
  return own(entity) ?? excerpt(post === null ? null : splitPost(post).title, POST_NAME_LENGTH) ?? fallbackName(entity.kind, entity.id);
};

/** The card up to and including `"author":`; the author's own part follows (it changes when the author does), then `}`. */
export const cardHead = (entity: StoredEntity): string => {
  const { attributes } = entity;
  const posted = postText(entity);
  const post = posted === null ? undefined : splitPost(posted);
  const text = string(attributes['summary']) ?? string(attributes['text']) ?? string(attributes['description']) ?? string(attributes['about']);
  const head = {
    title: post?.title ?? nameOf(entity), untitled: post === undefined && own(entity) === null,
    subtitle: subtitle(entity), text: excerpt(post === undefined ? text : post.rest, 1000), url: string(attributes['url']),
    topics: [...strings(attributes['topics']), ...strings(attributes['skills'])].slice(0, 5),
    publishedAt: new Date(entity.createdAt).toISOString(),
    ...(entity.kind === 'event' && typeof attributes['startsAt'] === 'string' ? { startsAt: new Date(attributes['startsAt']).toISOString() } : {}),
  };
  return `${JSON.stringify(head).slice(0, -1)},"author":`;
};

/** How an entity appears as the author of another. */
export const authorPart = (entity: StoredEntity): string =>
  JSON.stringify({ ref: `${entity.kind}:${entity.id}`, name: nameOf(entity), headline: string(entity.attributes['headline']) ?? string(entity.attributes['industry']) });
