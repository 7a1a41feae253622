import { describe, expect, test } from 'vitest';
import type { MemberId, Millis } from '../../../src/core/ids.ts';
import { entityDeletedRecord, entityRecord } from '../../../src/catalog/validate.ts';
import type { EdgeName } from '../../../src/catalog/graph.ts';
import { manualClock } from '../../../src/core/clock.ts';
import { eventRecord } from '../../../src/funnel/validate.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { createSpace } from '../../../src/memory/space.ts';
import type { Lists } from '../../../src/memory/structures.ts';
import { openState, type State } from '../../../src/platform/state.ts';

const NOW = Date.parse('2026-05-04T09:00:00Z') as Millis;
let ids = 0;
const put = (kind: string, id: string, attributes: Readonly<Record<string, unknown>>): LogRecord => entityRecord({ kind, id, attributes }, { now: NOW, recordId: `r${ids++}` });
const act = (member: string, action: string, item: string): LogRecord =>
  eventRecord({ type: 'action', id: `e${ids++}`, at: new Date(NOW).toISOString(), member: `member:${member}`, item, action }, { now: NOW, history: false });

const stateOf = async (records: readonly LogRecord[]): Promise<State> => {
  const log = createMemoryLog({ partitions: 1, clock: manualClock(NOW) });
  const state = openState(createSpace());
  await log.append(0, records);
  for await (const block of log.read([{ partition: 0, sequence: 0 }])) state.apply(block);
  return state;
};
const named = ({ catalog }: State, lists: Lists, of: string): readonly string[] => [...lists.values(catalog.find(of))].map((number) => catalog.entities.name(number)).sort();
const from = (state: State, edge: EdgeName, of: string): readonly string[] => named(state, state.catalog.edges[edge].from, of);
const to = (state: State, edge: EdgeName, of: string): readonly string[] => named(state, state.catalog.edges[edge].to, of);

describe('the network', () => {
  test('knows where members worked and studied, and forgets what they no longer say', async () => {
    const records = [
      put('member', 'ana', { company: 'company:now', positions: [{ title: 'Engineer', company: 'company:now', from: '2022-01' }, { title: 'Intern', company: 'company:then', from: '2019-06', to: '2020-01' }], education: [{ school: 'school:tu', degree: 'MSc', from: '2014-10', to: '2019-03' }] }),
      put('member', 'ben', { positions: [{ title: 'Analyst', company: 'company:then' }, { title: 'Potter' }] }),
    ];
    const before = await stateOf(records);
    expect(from(before, 'workedAt', 'member:ana')).toEqual(['company:now', 'company:then']);
    expect(to(before, 'workedAt', 'company:then')).toEqual(['member:ana', 'member:ben']);
    expect(to(before, 'studiedAt', 'school:tu')).toEqual(['member:ana']);
    const after = await stateOf([...records, put('member', 'ana', { company: 'company:now' })]);
    expect(from(after, 'workedAt', 'member:ana')).toEqual(['company:now']);
    expect(to(after, 'workedAt', 'company:then')).toEqual(['member:ben']);
    expect(to(after, 'studiedAt', 'school:tu')).toEqual([]);
  });

  test('knows what news and posts mention, until they are gone', async () => {
    const records = [put('article', '1', { title: 'Bridges', mentions: ['company:acme', 'member:ana'] }), put('post', '2', { author: 'member:ben', form: 'share', text: 'Look', mentions: ['company:acme'] })];
    expect(to(await stateOf(records), 'mentions', 'company:acme')).toEqual(['article:1', 'post:2']);
    expect(to(await stateOf([...records, entityDeletedRecord('article:1', { now: NOW, recordId: 'gone' })]), 'mentions', 'company:acme')).toEqual(['post:2']);
  });

  test('takes joining, attending, subscribing and following for edges, and undoing them for none', async () => {
    const joined = act('ana', 'join', 'group:1');
    const records = [joined, act('ana', 'attend', 'event:1'), act('ana', 'subscribe', 'newsletter:1'), act('ana', 'follow', 'hashtag:steel'), act('ben', 'accept', 'member:ana')];
    const state = await stateOf(records);
    expect(([['belongsTo', 'group:1'], ['attends', 'event:1'], ['subscribesTo', 'newsletter:1'], ['follows', 'hashtag:steel'], ['connected', 'member:ben']] as const).map(([edge, item]) => [from(state, edge, 'member:ana'), to(state, edge, item)]))
      .toEqual(['group:1', 'event:1', 'newsletter:1', 'hashtag:steel', 'member:ben'].map((item) => [[item], ['member:ana']]));
    const undone = eventRecord({ type: 'action', id: 'u', at: new Date(NOW + 1000).toISOString(), member: 'member:ana', item: 'group:1', action: 'join', of: joined.id }, { now: (NOW + 1000) as Millis, history: false });
    expect(from(await stateOf([...records, undone]), 'belongsTo', 'member:ana')).toEqual([]);
  });

  test('takes who is erased out of every list', async () => {
    const state = await stateOf([put('member', 'ana', { company: 'company:now', connections: ['member:ben'] }), act('ana', 'join', 'group:1'), act('ben', 'follow', 'member:ana')]);
    state.catalog.forgetMember('ana' as MemberId);
    expect([to(state, 'workedAt', 'company:now'), to(state, 'belongsTo', 'group:1'), from(state, 'follows', 'member:ben'), from(state, 'connected', 'member:ben')]).toEqual([[], [], [], []]);
  });

  test.each([
    ['a position that ends before it begins', () => put('member', '1', { positions: [{ title: 'Engineer', from: '2024-02', to: '2023-02' }] }), 'must not end before it begins'],
    ['a month that is none', () => put('member', '1', { positions: [{ title: 'Engineer', from: '2024-13' }] }), 'must be a month'],
    ['a campaign that ends before it starts', () => put('campaign', '1', { item: 'job:1', pays: 'click', bid: 1, budget: 10, currency: 'EUR', startsAt: '2026-05-04T09:00:00Z', endsAt: '2026-05-03T09:00:00Z' }), 'must end after it starts'],
    ['a campaign that pays nothing', () => put('campaign', '1', { item: 'job:1', pays: 'click', bid: 0, budget: 10, currency: 'EUR', startsAt: '2026-05-04T09:00:00Z', endsAt: '2026-05-05T09:00:00Z' }), 'bid'],
  ])('refuses %s', (_, write, sentence) => {
    expect(write).toThrow(sentence);
  });
});
