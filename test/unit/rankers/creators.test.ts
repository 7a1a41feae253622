import { expect, test } from 'vitest';
import { HOUR } from '../../../src/core/clock.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { creators } from '../../../src/rankers/pool/creators.ts';
import { act, drop, itemsOf, put, ranked, see, stateOf } from '../../support/ranked.ts';

const VIEWER = put('member:v', { skills: ['sql'], topics: ['databases'], connections: ['member:friend'], follows: ['member:followed'] });
const creator = (id: string, is = true): LogRecord => put(`member:${id}`, { name: id, creator: is });
const post = (id: string, author: string, { topics = ['databases'], ago = HOUR } = {}): LogRecord => put(`post:${id}`, { text: id, author: `member:${author}`, topics }, ago);

test('finds what creators write about the viewer\'s topics, and not what those write whom they know or who are no creators', async () => {
  const state = await stateOf(VIEWER, ...['friend', 'followed', 'far'].map((id) => creator(id)), creator('plain', false), ...['friend', 'followed', 'far', 'plain', 'v'].map((id) => post(id, id)), post('other', 'far', { topics: ['gardens'] }));
  expect(await ranked(state, creators, 'v')).toMatchObject([{ item: 'post:far', reason: 'creatorOfYours', actors: ['member:far'] }]);
});

test('finds what creators write about what the viewer read lately, and says so', async () => {
  const state = await stateOf(VIEWER, creator('far'), put('article:read', { topics: ['gardens'] }), act('v', 'longView', 'article:read'), post('g', 'far', { topics: ['gardens'] }));
  expect(await ranked(state, creators, 'v')).toMatchObject([{ item: 'post:g', reason: 'creatorYouRead' }]);
});

test('puts what few have seen before the same that is everywhere', async () => {
  const seen = Array.from({ length: 300 }, (_, n) => see(`m${n}`, 'post:known'));
  const state = await stateOf(VIEWER, creator('a'), creator('b'), post('niche', 'a'), post('known', 'b'), ...seen);
  const rows = await ranked(state, creators, 'v');
  expect(itemsOf(rows)).toEqual(['post:niche', 'post:known']);
  expect(rows[0]?.score).toBeGreaterThan(1.5 * (rows[1]?.score ?? 0));
});

test('takes two items of one creator at most, their best', async () => {
  const state = await stateOf(VIEWER, creator('loud'), creator('calm'), ...[5, 4, 3, 2, 1].map((n) => post(`l${n}`, 'loud', { ago: n * HOUR })), post('c', 'calm', { ago: 48 * HOUR }));
  expect(itemsOf(await ranked(state, creators, 'v'))).toEqual(['post:l1', 'post:l2', 'post:c']);
});

test('follows members as they become creators and cease to be', async () => {
  const before = [VIEWER, creator('far', false), post('p', 'far')];
  const becomes = [...before, creator('far')];
  const ceases = [...becomes, creator('far', false)];
  const found = async (records: readonly LogRecord[]): Promise<readonly string[]> => itemsOf(await ranked(await stateOf(...records), creators, 'v'));
  expect(await Promise.all([before, becomes, ceases, [...becomes, drop('member:far')], [...becomes, drop('post:p')]].map(found))).toEqual([[], ['post:p'], [], [], []]);
});

test('gives each of many creators of one topic a share of the viewers', async () => {
  const many = Array.from({ length: 200 }, (_, n) => [creator(`c${n}`), post(`p${n}`, `c${n}`)]).flat();
  const viewers = Array.from({ length: 120 }, (_, n) => put(`member:v${n}`, { topics: ['databases'] }));
  const state = await stateOf(...many, ...viewers);
  const reached = new Set<string>();
  for (let n = 0; n < viewers.length; n++) for (const item of itemsOf(await ranked(state, creators, `v${n}`))) reached.add(item);
  expect(reached.size).toBeGreaterThan(190);
});
