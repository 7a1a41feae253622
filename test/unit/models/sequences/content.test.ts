import { describe, expect, test } from 'vitest';
import { openCatalog } from '../../../../src/catalog/catalog.ts';
import { encodeEntity } from '../../../../src/catalog/records.ts';
import type { MemberId, Millis } from '../../../../src/core/ids.ts';
import type { StoredRecord } from '../../../../src/log/port.ts';
import { attachSpace, createSpace } from '../../../../src/memory/space.ts';
import { CONTENT_BUCKETS, CONTENT_WIDTH, contentFeatures, contentId, openContent } from '../../../../src/models/sequences/content.ts';

const NOW = 1_764_000_000_000 as Millis;
const entity = (kind: string, id: string, attributes: Readonly<Record<string, unknown>>): Parameters<typeof contentFeatures>[0] => ({ kind, id, createdAt: NOW, attributes });
const ids = (kind: string, attributes: Readonly<Record<string, unknown>>, id = '1'): readonly number[] => [...contentFeatures(entity(kind, id, attributes))].filter((feature) => feature > 0);
const record = (one: ReturnType<typeof entity>): StoredRecord => ({ type: 'entity', id: one.id, at: NOW, deduplicate: 'never', sequence: 0, payload: encodeEntity(one) });

describe('the content of an item', () => {
  test('is the same for the same attributes, whatever the item is called', () => {
    const attributes = { title: 'Streaming pipelines at scale', topics: ['Data engineering'], author: 'company:acme' };
    expect(ids('article', attributes, 'a')).toEqual(ids('article', attributes, 'b'));
    expect(ids('article', attributes)).not.toEqual(ids('post', attributes));
  });

  test('shares what two items have in common: topic, author, words and pairs of words', () => {
    const one = ids('article', { title: 'The streaming pipelines of Acme', topics: ['Data engineering'] });
    const other = ids('course', { title: 'Streaming  PIPELINES, an introduction', topics: ['data  engineering'] });
    const common = one.filter((id) => other.includes(id));
    expect(common).toEqual(['t:data engineering', 'w:streaming', 'w:pipelines', 'b:streaming pipelines'].map(contentId));
  });

  test('is at most sixteen distinct ids within the buckets, however much is written', () => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`).join(' ');
    const many = ids('job', { title: words, company: 'company:acme', skills: Array.from({ length: 50 }, (_, n) => `skill ${n}`), topics: ['a', 'b'] });
    expect(many).toHaveLength(CONTENT_WIDTH);
    expect(new Set(many).size).toBe(CONTENT_WIDTH);
    expect(many.every((id) => id > 0 && id < CONTENT_BUCKETS)).toBe(true);
    // Topics never take the place of all words.
    expect(many).toContain(contentId('w:word0'));
  });

  test('of a member says what they do and not who they are', () => {
    const without = ids('member', { headline: 'Data engineer', skills: ['SQL'] });
    expect(ids('member', { name: 'Ana Lima', headline: 'Data engineer', skills: ['SQL'] }, 'ana')).toEqual(without);
  });

  test('of a topic is that of what carries it, and of nothing described is its kind alone', () => {
    expect(ids('topic', { name: 'Data engineering' })).toContain(contentId('t:data engineering'));
    expect(ids('article', {})).toEqual([contentId('k:article')]);
  });
});

describe('content in shared memory', () => {
  const open = () => {
    const space = createSpace();
    const catalog = openCatalog(space);
    const content = openContent(space, catalog);
    const put = (one: ReturnType<typeof entity>): void => { content.apply(record(one)); catalog.apply(record(one)); };
    return { space, catalog, content, put };
  };

  test('follows the entity: written, rewritten, deleted, and read by another thread', () => {
    const { space, catalog, content, put } = open();
    for (let n = 0; n < 500; n++) put(entity('article', String(n), { title: `Number ${n}` }));
    const number = catalog.find('article:499');
    expect(content.of(number)).toEqual(contentFeatures(entity('article', '', { title: 'Number 499' })));
    put(entity('article', '499', { title: 'Another title' }));
    const reader = attachSpace(space.share());
    expect(openContent(reader, openCatalog(reader)).of(number)).toEqual(contentFeatures(entity('article', '', { title: 'Another title' })));
    content.apply({ type: 'entityDeleted', id: 'd', at: NOW, deduplicate: 'never', sequence: 1, payload: Uint8Array.of(1, ...new TextEncoder().encode('article:499')) });
    expect(content.of(number)).toEqual(new Uint16Array(CONTENT_WIDTH));
    expect(content.of(-1)).toEqual(new Uint16Array(CONTENT_WIDTH));
    expect(content.of(1_000_000)).toEqual(new Uint16Array(CONTENT_WIDTH));
  });

  test('of an erased member, and of what they wrote, is gone', () => {
    const { catalog, content, put } = open();
    put(entity('member', 'ana', { headline: 'Engineer' }));
    put(entity('post', 'p', { text: 'Words of mine.', author: 'member:ana' }));
    put(entity('post', 'q', { text: 'Words of others.', author: 'member:ben' }));
    const [ana = -1, p = -1, q = -1] = ['member:ana', 'post:p', 'post:q'].map(catalog.find);
    content.forget('ana' as MemberId);
    catalog.forgetMember('ana' as MemberId);
    expect([...content.of(ana), ...content.of(p)].every((id) => id === 0)).toBe(true);
    expect(content.of(q)[0]).toBe(contentId('k:post'));
  });
});
