import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionNumber, ACTIONS, ALL_SIGNALS, ENTITY_KINDS, SURFACES, type SignalFamilies } from '../../../src/core/registry.ts';
import type { Millis } from '../../../src/core/ids.ts';
import type { StoredEvent } from '../../../src/funnel/codec.ts';
import { dwellBucket, DWELL_BUCKETS, DWELL_EDGES } from '../../../src/journey/layout.ts';
import { createSequenceColumns, DWELL, openSequences, SEQUENCE_EVENTS, type Sequences } from '../../../src/journey/sequences.ts';
import { surfaceOfEvent } from '../../../src/journey/surfaces.ts';
import { attachSpace, createSpace } from '../../../src/memory/space.ts';

const CLICK = actionNumber('click');
const LIKE = actionNumber('like');
const FEED = SURFACES.indexOf('feed');
const event = (item: number, seconds: number, action: number = CLICK): Parameters<Sequences['add']>[1] => ({ item, action, surface: FEED, seconds });

const tell = (sequences: Sequences, member: number, allowed: SignalFamilies = ALL_SIGNALS): readonly (readonly number[])[] => {
  const columns = createSequenceColumns();
  sequences.read(member, allowed, columns);
  return Array.from({ length: columns.count }, (_, i) => [columns.item[i] ?? -1, columns.action[i] ?? -1, columns.dwell[i] ?? -1, columns.seconds[i] ?? -1]);
};

describe('a sequence', () => {
  test('stands in order of time, in whichever order its events came', () => {
    const times = fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 60 });
    fc.assert(fc.property(times, (seconds) => {
      const sequences = openSequences(createSpace(), { keep: 256 });
      seconds.forEach((at, item) => { sequences.add(3, event(item, at)); });
      const expected = seconds.map((at, item) => [item, CLICK, 0, at]).sort((a, b) => (a[3] ?? 0) - (b[3] ?? 0));
      expect(tell(sequences, 3)).toEqual(expected);
    }), { seed: 7, numRuns: 60 });
  });

  test('of a busy member is the newest events, and one of equal time goes behind', () => {
    const sequences = openSequences(createSpace(), { keep: 256 });
    for (let n = 0; n < 2000; n++) sequences.add(0, event(n, 1000 + Math.floor(n / 2)));
    const told = tell(sequences, 0);
    expect(told).toHaveLength(SEQUENCE_EVENTS + 1);
    expect(told.map(([item]) => item)).toEqual(Array.from({ length: SEQUENCE_EVENTS + 1 }, (_, i) => 2000 - SEQUENCE_EVENTS - 1 + i));
    expect(sequences.lists.length(0)).toBeLessThanOrEqual(2 * 256 * 3);
  });

  test('has another even version after every change, and is empty where nobody did anything', () => {
    const sequences = openSequences(createSpace());
    expect([sequences.read(5, ALL_SIGNALS, createSequenceColumns()), sequences.read(-1, ALL_SIGNALS, createSequenceColumns())]).toEqual([0, 0]);
    const versions = [sequences.version(5)];
    for (const change of [() => { sequences.add(5, event(1, 10)); }, () => { sequences.drop(5, { item: 1, action: CLICK }); }, () => { sequences.clear(5); }]) {
      change();
      versions.push(sequences.version(5));
    }
    expect(new Set(versions).size).toBe(4);
    expect(versions.every((version) => version % 2 === 0)).toBe(true);
    expect(tell(sequences, 5)).toEqual([]);
  });

  test('is read by another thread as the writer left it, however much it has grown since', () => {
    const space = createSpace();
    const sequences = openSequences(space, { keep: 256 });
    const reader = openSequences(attachSpace(space.share()), { keep: 256 });
    for (let member = 0; member < 3000; member++) for (let n = 0; n < 5; n++) sequences.add(member, event(n, 100 - n));
    expect(tell(reader, 2999)).toEqual(tell(sequences, 2999));
    expect(reader.version(2999)).toBe(sequences.version(2999));
  });

  test('loses the newest event of a deed that is undone, and tells when it was', () => {
    const sequences = openSequences(createSpace());
    sequences.add(0, event(1, 10, LIKE));
    sequences.add(0, event(2, 20));
    sequences.add(0, event(1, 30, LIKE));
    expect(sequences.drop(0, { item: 1, action: LIKE })).toBe(30);
    expect(sequences.drop(0, { item: 3, action: LIKE })).toBeUndefined();
    expect(tell(sequences, 0).map(([item]) => item)).toEqual([1, 2]);
  });

  test('is read without what the member withholds now', () => {
    const sequences = openSequences(createSpace());
    for (const [item, name] of ['follow', 'message', 'click', 'hide'].entries()) sequences.add(0, event(item, item, actionNumber(name)));
    const items = (allowed: Partial<SignalFamilies>): readonly (number | undefined)[] => tell(sequences, 0, { ...ALL_SIGNALS, ...allowed }).map(([item]) => item);
    expect(items({})).toEqual([0, 1, 2, 3]);
    expect(items({ graph: false })).toEqual([1, 2, 3]);
    expect(items({ messages: false })).toEqual([0, 2, 3]);
    expect(items({ sequence: false })).toEqual([]);
    expect(items({ activity: false })).toEqual([]);
  });
});

describe('a look', () => {
  const look = (item: number, seconds: number, visibleMs: number): Parameters<Sequences['look']>[1] => ({ item, surface: FEED, seconds, visibleMs });

  test('that is long is an event, and a short one is none', () => {
    const sequences = openSequences(createSpace());
    sequences.look(0, look(1, 1000, 4999));
    expect(tell(sequences, 0)).toEqual([]);
    sequences.look(0, look(1, 1000, 5000));
    expect(tell(sequences, 0)).toEqual([[1, DWELL, dwellBucket(5000), 1000]]);
  });

  test('and an action on the same card are one event, whichever came first', () => {
    const visibleMs = 14_000;
    const expected = [[1, LIKE, dwellBucket(visibleMs), 1003]];
    const lookFirst = openSequences(createSpace());
    lookFirst.look(0, look(1, 1000, visibleMs));
    lookFirst.add(0, event(1, 1003, LIKE));
    const actionFirst = openSequences(createSpace());
    actionFirst.add(0, event(1, 1003, LIKE));
    actionFirst.look(0, look(1, 1000, visibleMs));
    expect([tell(lookFirst, 0), tell(actionFirst, 0)]).toEqual([expected, expected]);
  });

  test('gives its time to an action however short it was, and stands alone where the action was another day', () => {
    const sequences = openSequences(createSpace());
    sequences.add(0, event(1, 1000));
    sequences.look(0, look(1, 1001, 800));
    sequences.look(0, look(1, 90_000, 8000));
    sequences.look(0, look(2, 1001, 6000));
    expect(tell(sequences, 0)).toEqual([[1, CLICK, 1, 1000], [2, DWELL, dwellBucket(6000), 1001], [1, DWELL, dwellBucket(8000), 90_000]]);
  });

  test('falls into a bucket that grows with it', () => {
    expect([0, 999, 1000, 299_999, 300_000, 1e9].map(dwellBucket)).toEqual([1, 1, 2, DWELL_EDGES.length, DWELL_BUCKETS - 1, DWELL_BUCKETS - 1]);
  });
});

describe('the surface of an event', () => {
  const stored = (changes: Partial<StoredEvent> & { readonly name?: string }): StoredEvent =>
    ({ type: 'action', action: actionNumber(changes.name ?? 'click'), undo: false, item: 'article:1', trackingId: '', surface: 'feed', visibleMs: 0, related: '', sentAt: 0 as Millis, receivedAt: 0 as Millis, ...changes });
  const surface = (changes: Parameters<typeof stored>[0]): string => SURFACES[surfaceOfEvent(stored(changes))] ?? '';

  test('is what the event says', () => {
    expect(surface({ surface: 'jobs', name: 'search', item: 'topic:rust' })).toBe('jobs');
    expect(surface({ surface: 'basement' })).toBe('other');
  });

  test('is the feed for whatever was done on a served card', () => {
    expect(surface({ name: 'apply', item: 'job:1', trackingId: 'r-0' })).toBe('feed');
  });

  test('is otherwise that of the action, or that of the kind of item', () => {
    const by = (name: string, item: string): string => surface({ name, item });
    expect([by('apply', 'job:1'), by('accept', 'member:1'), by('search', 'topic:1'), by('message', 'member:1')]).toEqual(['jobs', 'people', 'search', 'messages']);
    expect([by('view', 'job:1'), by('view', 'member:1'), by('view', 'group:1'), by('view', 'company:1'), by('save', 'course:1'), by('view', 'event:1'), by('view', 'newsletter:1')])
      .toEqual(['jobs', 'people', 'groups', 'pages', 'learning', 'events', 'newsletters']);
    expect([by('view', 'article:1'), by('follow', 'article:1'), by('follow', 'company:1')]).toEqual(['feed', 'feed', 'pages']);
  });
});

test('every action points at kinds that there are, and enough numbers are left for those of plug-ins', () => {
  expect(ACTIONS.flatMap(({ targets }) => targets).filter((kind) => !ENTITY_KINDS.includes(kind))).toEqual([]);
  expect(ACTIONS.length).toBeLessThanOrEqual(26);
});
