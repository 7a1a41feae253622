import { describe, expect, test } from 'vitest';
import { entityRecord } from '../../../../src/catalog/validate.ts';
import { DAY, manualClock, MINUTE, SECOND } from '../../../../src/core/clock.ts';
import { trackingId, type MemberId, type Millis, type RequestId } from '../../../../src/core/ids.ts';
import { seededRandom } from '../../../../src/core/random.ts';
import { actionNumber, ALL_SIGNALS, DEFAULT_SIGNALS, type SignalFamilies } from '../../../../src/core/registry.ts';
import { encodeServed, type ServedItem } from '../../../../src/funnel/served.ts';
import { eventRecord } from '../../../../src/funnel/validate.ts';
import { createSequenceColumns, DWELL } from '../../../../src/journey/sequences.ts';
import { createMemoryLog } from '../../../../src/log/memory.ts';
import type { Log, LogRecord } from '../../../../src/log/port.ts';
import { createSpace } from '../../../../src/memory/space.ts';
import { FEATURE_SET, FEATURES } from '../../../../src/models/features.ts';
import { contentFeatures } from '../../../../src/models/sequences/content.ts';
import { isTarget, readSequences, trainingSplit, type LogSequences } from '../../../../src/models/sequences/from-log.ts';
import { readJourneys } from '../../../../src/models/sequences/ranking-examples.ts';
import { openState } from '../../../../src/platform/state.ts';
import { consentRecord } from '../../../../src/privacy/consent.ts';

const START = Date.UTC(2026, 0, 1);
const now = (START + 60 * DAY) as Millis;
let ids = 0;
const action = (...[member, item, at, name, rest = {}]: [member: string, item: string, at: number, name: string, rest?: Readonly<Record<string, unknown>>]): LogRecord =>
  eventRecord({ type: 'action', id: `e${ids++}`, member: `member:${member}`, item, at: new Date(at).toISOString(), action: name, ...rest }, { now, history: true });
const look = (...[member, item, at, visibleMs, tracking = 'none-0']: [member: string, item: string, at: number, visibleMs: number, tracking?: string]): LogRecord =>
  eventRecord({ type: 'impression', id: `e${ids++}`, member: `member:${member}`, item, at: new Date(at).toISOString(), trackingId: tracking, span: `s${ids}`, visibleMs }, { now, history: true });
const article = (id: string, attributes: Readonly<Record<string, unknown>> = {}): LogRecord => entityRecord({ kind: 'article', id, createdAt: new Date(START - DAY).toISOString(), attributes }, { now, recordId: `r${ids++}` });
const consent = (member: string, allowed: SignalFamilies): LogRecord => consentRecord(member, allowed, { now, recordId: `r${ids++}` });

const logOf = async (records: readonly LogRecord[]): Promise<Log> => {
  const log = createMemoryLog({ partitions: 1, clock: manualClock(now) });
  await log.append(0, records);
  return log;
};

type Token = readonly [item: string, action: number, surface: number, dwell: number, seconds: number];
const tokensOf = ({ data }: Pick<LogSequences, 'data'>, m: number): readonly Token[] => Array.from({ length: (data.starts[m + 1] ?? 0) - (data.starts[m] ?? 0) }, (_, i) => {
  const e = (data.starts[m] ?? 0) + i;
  return [data.itemNames[data.item[e] ?? 0] ?? '', data.action[e] ?? -1, data.surface[e] ?? -1, data.dwell[e] ?? -1, data.seconds[e] ?? -1];
});

/** A life of many members on many surfaces, in an order that is not that of time. */
const lives = (count: number): readonly LogRecord[] => {
  const random = seededRandom(11);
  const below = (n: number): number => Math.floor(random.next() * n);
  const deeds = [['click', 'article'], ['like', 'article'], ['hide', 'article'], ['apply', 'job'], ['search', 'topic'], ['join', 'group'], ['message', 'member'], ['complete', 'course'], ['follow', 'company']] as const;
  const records: LogRecord[] = [];
  for (let n = 0; n < count; n++) {
    const member = `m${below(8)}`;
    const at = START + below(20 * DAY);
    if (n % 97 === 50) records.push(consent(member, { ...ALL_SIGNALS, graph: random.next() < 0.5, messages: random.next() < 0.5 }));
    if (random.next() < 0.3) { records.push(look(member, `article:${below(30)}`, at, below(20_000))); continue; }
    const [name, kind] = deeds[below(deeds.length)] ?? deeds[0];
    const item = `${kind}:${below(30)}`;
    records.push(action(member, item, at, name));
    if (name === 'like' && random.next() < 0.3) records.push(action(member, item, at + MINUTE, name, { of: `e${ids - 1}` }));
  }
  return records;
};

describe('sequences from a log', () => {
  test('are what serving reads, event for event', async () => {
    const log = await logOf(lives(1500));
    const state = openState(createSpace());
    for await (const block of log.read([{ partition: 0, sequence: 0 }])) state.apply(block);
    const read = await readSequences(log);
    const columns = createSequenceColumns();
    let compared = 0;
    for (let m = 0; m < 8; m++) {
      const number = state.catalog.find(`member:m${m}`);
      state.journey.sequences.read(number, state.catalog.allowed(number), columns);
      const served = Array.from({ length: columns.count }, (_, i): Token => [state.catalog.entities.name(columns.item[i] ?? 0), columns.action[i] ?? -1, columns.surface[i] ?? -1, columns.dwell[i] ?? -1, columns.seconds[i] ?? -1]);
      expect(tokensOf(read, read.memberOf(`m${m}`)).slice(-columns.count)).toEqual(served);
      compared += columns.count;
    }
    expect(compared).toBeGreaterThan(800);
  });

  test('leave out who withholds the sequence or activity, and the families that others withhold', async () => {
    const log = await logOf([
      ...['in', 'noSequence', 'noActivity', 'noGraph', 'again'].flatMap((member) => [action(member, 'article:1', START, 'click'), action(member, 'company:1', START + MINUTE, 'follow')]),
      consent('noSequence', { ...DEFAULT_SIGNALS, sequence: false }), consent('noActivity', { ...DEFAULT_SIGNALS, activity: false }), consent('noGraph', { ...DEFAULT_SIGNALS, graph: false }),
      consent('again', { ...DEFAULT_SIGNALS, sequence: false }), action('again', 'article:2', START + 2 * MINUTE, 'click'), consent('again', DEFAULT_SIGNALS),
    ]);
    const read = await readSequences(log);
    expect(['in', 'noSequence', 'noActivity', 'noGraph', 'again'].map((member) => read.memberOf(member))).toEqual([0, -1, -1, 1, 2]);
    expect([0, 1, 2].map((m) => tokensOf(read, m).map(([item]) => item))).toEqual([['article:1', 'company:1'], ['article:1'], ['article:1', 'company:1']]);
    expect(JSON.stringify([read.data.memberNames, read.data.itemNames])).not.toMatch(/noGraph|again/u);
  });

  test('end where they are told to, and carry what items are about', async () => {
    const records = [article('1', { title: 'Streaming pipelines' }), action('a', 'article:1', START, 'click'), action('a', 'article:2', START + 1000, 'click')];
    const log = await logOf(records);
    const { data, through } = await readSequences(log, { through: [{ partition: 0, sequence: 2 }] });
    expect([data.itemNames, through]).toEqual([['article:1'], [{ partition: 0, sequence: 2 }]]);
    expect(data.content.features).toEqual(contentFeatures({ kind: 'article', id: '1', createdAt: START as Millis, attributes: { title: 'Streaming pipelines' } }));
    const whole = await readSequences(log);
    expect(whole.data.content.features.subarray(data.content.width).every((id) => id === 0)).toBe(true);
  });

  test('of an empty log are empty', async () => {
    const { data } = await readSequences(await logOf([]));
    expect([data.members, data.items, data.item.length, [...data.starts]]).toEqual([0, 0, 0, [0]]);
  });
});

test('a split for training validates on each first wanted action after the moment, and on nothing that was not known', async () => {
  const at = (n: number): number => START + n * 1000;
  const log = await logOf([
    ...Array.from({ length: 16 }, (_, n) => action('a', `article:${n}`, at(n), 'click')),
    action('b', 'article:1', at(1), 'click'),
    action('a', 'article:99', at(100), 'click'), action('b', 'article:2', at(101), 'hide'), action('b', 'article:3', at(102), 'click'), action('c', 'article:3', at(103), 'click'),
  ]);
  const read = await readSequences(log);
  const split = trainingSplit(read.data, 0.81);
  const [a, b, c] = [read.memberOf('a'), read.memberOf('b'), read.memberOf('c')];
  expect([a, b, c].map((m) => (split.trainEnds[m] ?? 0) - (read.data.starts[m] ?? 0))).toEqual([16, 1, 0]);
  const validated = [...split.validation].map((event) => (event < 0 ? undefined : read.data.itemNames[read.data.item[event] ?? 0]));
  expect([a, b, c].map((m) => validated[m])).toEqual([undefined, 'article:3', undefined]);
  expect([...split.test]).toEqual([-1, -1, -1]);
  const hide = [...read.data.action].indexOf(actionNumber('hide'));
  expect([isTarget(read.data, hide), isTarget(read.data, 0)]).toEqual([false, true]);
});

describe('ranking examples', () => {
  const served = (...[request, member, at, items]: [request: string, member: string, at: number, items: readonly string[]]): LogRecord => ({
    type: 'served', id: request, at: at as Millis, member: member as MemberId, deduplicate: 'never',
    payload: encodeServed({
      layer: 'mixer', surface: 'feed', sort: 'relevance', model: 'm', weights: 'w', rules: 'r', journey: '', featureSet: FEATURE_SET, assignments: {}, consent: ALL_SIGNALS, eligible: 2, eligibleDigest: 0, rankers: [], trace: '{}',
      items: items.map((item, position): ServedItem => ({ candidate: position, position, item, ranker: 0, reason: 0, actors: [], propensity: 1, forced: false, scores: [], features: new Float32Array(FEATURES).fill(position + 1), value: 0, finalValue: 0 })),
    }),
  });
  const tracking = (request: string, candidate: number): string => trackingId(request as RequestId, candidate);
  const options = { random: seededRandom(1), isEnough: ({ count }: { readonly count: number }) => count > 0 };

  test('join what was seen to what came of it, with the sequence as it was when the page was asked for', async () => {
    const at = START + DAY;
    const log = await logOf([
      action('a', 'article:9', START, 'click'),
      served('req', 'a', at, ['article:1', 'article:2', 'article:3']),
      look('a', 'article:1', at + SECOND, 9000, tracking('req', 0)), action('a', 'article:1', at + 2 * SECOND, 'like', { trackingId: tracking('req', 0) }),
      look('a', 'article:2', at + 20 * SECOND, 700, tracking('req', 1)),
      served('cold', 'new', at, ['article:2']), look('new', 'article:2', at + SECOND, 700, tracking('cold', 0)),
      served('quiet', 'out', at, ['article:2']), look('out', 'article:2', at + SECOND, 700, tracking('quiet', 0)), consent('out', { ...DEFAULT_SIGNALS, sequence: false }),
    ]);
    const { data, memberOf, examples: { rows, ends, source } } = await readJourneys(log, options);
    expect([source, rows.count, rows.queries]).toEqual(['impressions', 3, [0, 2, 3]]);
    expect(Array.from({ length: 3 }, (_, row) => data.itemNames[rows.item[row] ?? 0])).toEqual(['article:1', 'article:2', 'article:2']);
    expect([...rows.bits.subarray(0, 3)]).toEqual([(1 << actionNumber('like')) | (1 << DWELL), 0, 0]);
    expect([rows.values(0)[0], rows.values(1)[0], rows.position[1]]).toEqual([1, 2, 2]);
    const [a, cold] = [memberOf('a'), memberOf('new')];
    expect([...rows.member.subarray(0, 3)]).toEqual([a, a, cold]);
    // The like that the page led to is no part of what was known.
    expect([...ends].map((end, row) => end - (data.starts[rows.member[row] ?? 0] ?? 0))).toEqual([1, 1, 0]);
    expect(memberOf('out')).toBe(-1);
  });

  test('by default are touches where few cards were liked, as for the second pass', async () => {
    const at = START + DAY;
    const log = await logOf([action('a', 'article:9', START, 'click'), served('req', 'a', at, ['article:1', 'article:2']), look('a', 'article:1', at + SECOND, 9000, tracking('req', 0))]);
    expect((await readJourneys(log, options)).examples.source).toBe('impressions');
    expect((await readJourneys(log, { random: seededRandom(1) })).examples.source).toBe('touches');
  });

  test('without impressions are touches against what was available', async () => {
    const members = Array.from({ length: 12 }, (_, n) => `m${n}`);
    const log = await logOf([
      ...Array.from({ length: 30 }, (_, n) => article(`${n}`)),
      ...Array.from({ length: 300 }, (_, n) => action(members[n % 12] ?? '', `article:${(n * 7) % 30}`, START + n * MINUTE, 'view')),
    ]);
    const { data, examples: { rows, ends, source } } = await readJourneys(log, options);
    expect(source).toBe('touches');
    expect(rows.count).toBeGreaterThan(500);
    for (let query = 0; query + 1 < rows.queries.length; query++) {
      const [from = 0, to = 0] = rows.queries.slice(query, query + 2);
      expect([...rows.bits.subarray(from, to)]).toEqual([1, ...Array.from({ length: to - from - 1 }, () => 0)]);
      const member = rows.member[from] ?? 0;
      const end = ends[from] ?? 0;
      // The very next event of the member is the touch that was asked about.
      expect(data.item[end]).toBe(rows.item[from]);
      expect(end).toBeGreaterThanOrEqual(data.starts[member] ?? 0);
    }
  });
});
