import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../src/core/clock.ts';
import { ALL_SIGNALS } from '../../../src/core/registry.ts';
import { companyNews } from '../../../src/rankers/pool/company-news.ts';
import { itemsOf, put, ranked, stateOf } from '../../support/ranked.ts';

const COMPANIES = ['now', 'then', 'followed', 'other'];
const NETWORK = [
  ...COMPANIES.map((id) => put(`company:${id}`, { name: id })),
  put('member:v', { company: 'company:now', positions: [{ title: 'Analyst', company: 'company:then' }], follows: ['company:followed', 'company:now', 'member:somebody'] }),
  ...COMPANIES.map((id) => put(`article:${id}`, { title: id, mentions: [`company:${id}`] }, HOUR)),
];

test('finds news that names the employer, then followed companies, then former employers, and names the company', async () => {
  expect(await ranked(await stateOf(...NETWORK), companyNews, 'v')).toMatchObject([
    { item: 'article:now', reason: 'newsOfEmployer', actors: ['company:now'] },
    { item: 'article:followed', reason: 'newsOfFollowed', actors: ['company:followed'] },
    { item: 'article:then', reason: 'newsOfFormer', actors: ['company:then'] },
  ]);
});

test('leaves out posts, what is old, and what no longer names the company', async () => {
  const state = await stateOf(
    ...NETWORK, put('post:p', { text: 'p', author: 'member:v', mentions: ['company:followed'] }, HOUR), put('article:old', { mentions: ['company:followed'] }, 90 * DAY), put('article:now', { title: 'now' }, HOUR),
  );
  expect(itemsOf(await ranked(state, companyNews, 'v'))).toEqual(['article:followed', 'article:then']);
});

test('finds news behind many posts that name the company too', async () => {
  const posts = Array.from({ length: 20 }, (_, n) => put(`post:p${n}`, { text: 'p', author: 'member:x', mentions: ['company:followed'] }));
  expect(itemsOf(await ranked(await stateOf(...NETWORK, ...posts), companyNews, 'v'))).toContain('article:followed');
});

test('uses no employer of a member who withholds their profile', async () => {
  expect(itemsOf(await ranked(await stateOf(...NETWORK), companyNews, { member: 'v', allowed: { ...ALL_SIGNALS, profile: false } })).toSorted()).toEqual(['article:followed', 'article:now']);
});
