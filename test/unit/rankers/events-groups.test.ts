import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY } from '../../../src/core/clock.ts';
import { ALL_SIGNALS } from '../../../src/core/registry.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { events } from '../../../src/rankers/pool/events.ts';
import { groups } from '../../../src/rankers/pool/groups.ts';
import { jobs } from '../../../src/rankers/pool/jobs.ts';
import { act, drop, itemsOf, NOW, put, ranked, stateOf } from '../../support/ranked.ts';

const MEMBERS = [put('member:v', { topics: ['databases'], connections: ['member:bo', 'member:cy'] }), put('member:bo', { name: 'Bo' }), put('member:cy', { name: 'Cy' })];
/** An event that begins in so many days; `null`: it does not say. */
const event = (id: string, inDays: number | null, { topic = 'databases', ago = 40 * DAY } = {}): LogRecord =>
  put(`event:${id}`, { title: id, topics: [topic], ...(inDays === null ? {} : { startsAt: new Date(NOW + inDays * DAY).toISOString() }) }, ago);

describe('events', () => {
  test('that are still to come stand in order of their beginning, those without a date behind', async () => {
    const state = await stateOf(...MEMBERS, event('later', 30), event('over', -1), event('soon', 2), event('undated', null), event('other', 1, { topic: 'gardens' }), event('gone', 1), drop('event:gone'));
    expect(itemsOf(await ranked(state, events, 'v'))).toEqual(['event:soon', 'event:later', 'event:undated']);
  });

  test('are found where connections attend them, who are named, unless the viewer goes or withholds their network', async () => {
    const state = await stateOf(...MEMBERS, event('a', 1, { topic: 'gardens' }), event('b', 1), event('c', 1), act('bo', 'attend', 'event:a'), act('cy', 'attend', 'event:a'), act('v', 'attend', 'event:b'));
    const rows = await ranked(state, events, 'v');
    expect(rows.find(({ item }) => item === 'event:a')).toMatchObject({ reason: 'connectionsAttend', actors: ['member:bo', 'member:cy'] });
    expect(itemsOf(rows)).toEqual(['event:c', 'event:a']);
    expect(itemsOf(await ranked(state, events, { member: 'v', allowed: { ...ALL_SIGNALS, graph: false } }))).toEqual(['event:c']);
  });

  test('to come are not lost behind two thousand that are over, nor the next ones behind two thousand that are far', async () => {
    const over = Array.from({ length: 2000 }, (_, n) => event(`o${n}`, -1 - (n % 300), { ago: 0 }));
    const far = Array.from({ length: 2000 }, (_, n) => event(`f${n}`, 300 + (n % 50), { ago: 0 }));
    for (const many of [[event('next', 3), ...over, ...far], [...far, ...over, event('next', 3, { ago: 0 })], [event('next', 3), ...far, ...over]]) {
      expect(itemsOf(await ranked(await stateOf(...MEMBERS, ...many), events, 'v'))[0]).toBe('event:next');
    }
  });

  test('under a term are kept as they begin, whatever order they come in', async () => {
    const days = fc.array(fc.option(fc.integer({ min: -40, max: 40 })), { minLength: 1, maxLength: 40 });
    await fc.assert(fc.asyncProperty(days, async (all) => {
      const { catalog } = await stateOf(...all.map((inDays, n) => event(`e${n}`, inDays)));
      const { startsAt } = catalog.items.columns;
      const kept = [...catalog.under.event.values(catalog.terms.find('databases'))];
      expect(kept).toHaveLength(all.length);
      expect(kept).toEqual(kept.toSorted((a, b) => (startsAt[a] ?? 0) - (startsAt[b] ?? 0) || a - b));
    }), { seed: 5, numRuns: 40 });
  });
});

describe('groups', () => {
  const group = (id: string, topic = 'databases'): LogRecord => put(`group:${id}`, { name: id, topics: [topic] });

  test('are about the viewer\'s topics or have connections in them, who are named; those joined are left out', async () => {
    const state = await stateOf(...MEMBERS, group('mine'), group('fits'), group('theirs', 'gardens'), group('neither', 'gardens'), act('v', 'join', 'group:mine'), act('bo', 'join', 'group:theirs'));
    expect(await ranked(state, groups, 'v')).toMatchObject([{ item: 'group:fits', reason: 'topicOfYours' }, { item: 'group:theirs', reason: 'connectionsBelong', actors: ['member:bo'] }]);
    expect(itemsOf(await ranked(state, groups, { member: 'v', allowed: { ...ALL_SIGNALS, graph: false } })).toSorted()).toEqual(['group:fits', 'group:mine']);
  });

  test('of one topic of which there are hundreds are each shown to somebody', async () => {
    const many = Array.from({ length: 300 }, (_, n) => group(`g${n}`));
    const viewers = Array.from({ length: 150 }, (_, n) => put(`member:v${n}`, { topics: ['databases'] }));
    const state = await stateOf(...many, ...viewers);
    const reached = new Set<string>();
    for (let n = 0; n < viewers.length; n++) for (const item of itemsOf(await ranked(state, groups, `v${n}`))) reached.add(item);
    expect(reached.size).toBeGreaterThan(280);
  });
});

test('a job is found behind a thousand posts about the same', async () => {
  const posts = Array.from({ length: 1500 }, (_, n) => put(`post:p${n}`, { text: 'p', author: 'member:bo', topics: ['databases'] }));
  const older = Array.from({ length: 60 }, (_, n) => put(`job:o${n}`, { title: 'Other', skills: ['gardens'] }));
  const state = await stateOf(...MEMBERS, put('job:j', { title: 'Ours', skills: ['databases'] }, DAY), ...older, ...posts);
  expect((await ranked(state, jobs, 'v'))[0]).toMatchObject({ item: 'job:j', reason: 'jobMatchesSkills' });
});
