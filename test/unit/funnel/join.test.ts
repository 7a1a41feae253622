import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../src/core/clock.ts';
import type { Millis } from '../../../src/core/ids.ts';
import { idOf } from '../../../src/funnel/cards.ts';
import { correctedTime, createJoiner, JOIN_DEFAULTS, type FunnelEvent, type JoinOptions } from '../../../src/funnel/join.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { cardOf, eventOf, minutes, pageRecord, requestAt, START, stored } from './story.ts';

const joined = (records: readonly LogRecord[], options: Partial<JoinOptions> = {}): readonly FunnelEvent[] => {
  const events: FunnelEvent[] = [];
  const joiner = createJoiner({ page: () => undefined, event: (event) => { events.push(event); } }, { ...JOIN_DEFAULTS, ...options });
  for (const record of stored(records)) joiner.apply(record);
  joiner.end();
  return events;
};
/** What became of each event: the card and how, or the loss, or nothing. */
const told = (records: readonly LogRecord[], options?: Partial<JoinOptions>): Readonly<Record<string, string>> =>
  Object.fromEntries(joined(records, options).map(({ id, joined: to, loss }) => [id, loss ?? (to === undefined ? 'nothing' : `${to.by} ${idOf(to.card)}`)]));

const page = pageRecord({ at: START, member: 'ana', items: ['article:a', 'member:bo', 'job:j'] });
const [first, second] = [cardOf(page, 0), cardOf(page, 1)];
const erasure: LogRecord = { type: 'erasure', id: 'e', at: minutes(30) as Millis, deduplicate: 'never', payload: Uint8Array.of(1) };

describe('by tracking id', () => {
  test('an impression and an action go to their card, before or after its page came to the log', () => {
    const seen = eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id: 'seen', trackingId: first });
    const click = eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id: 'click', trackingId: first, action: 'click' });
    expect(told([page, seen, click])).toEqual({ seen: `trackingId ${first}`, click: `trackingId ${first}` });
    expect(told([seen, page, click])).toEqual({ seen: `trackingId ${first}`, click: `trackingId ${first}` });
  });

  test('every loss has its cause', () => {
    const event = (id: string, changes: Partial<Parameters<typeof eventOf>[0]>): LogRecord => eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id, trackingId: first, action: 'click', ...changes });
    expect(told([page,
      event('unknownId', { trackingId: 'nobody-1' }),
      event('imported', { trackingId: 'g1-0', history: true }),
      event('retired', { trackingId: `${requestAt(START - DAY)}-1` }),
      event('never', { trackingId: `${requestAt(minutes(0.5))}-1` }),
      event('notOnPage', { trackingId: cardOf(page, 7) }),
      event('otherMember', { member: 'bo' }),
      event('otherItem', { item: 'article:b' }),
      event('servedLater', { at: START - HOUR }),
    ])).toEqual({ unknownId: 'unknownId', imported: 'imported', retired: 'retired', never: 'unknownId', notOnPage: 'notOnPage', otherMember: 'otherMember', otherItem: 'otherItem', servedLater: 'servedLater' });
  });

  test('what went with a member who was erased is told apart from what never was', () => {
    const gone = pageRecord({ at: minutes(10), member: 'cy', items: ['article:a'] });
    const redacted = pageRecord({ at: START, member: 'ana', items: ['article:a'] });
    const late = minutes(60);
    expect(told([redacted, erasure, pageRecord({ at: minutes(50), member: 'cy', items: ['article:a'], tail: '00000001' }),
      eventOf({ at: late, member: 'cy', item: 'article:a', id: 'page', trackingId: cardOf(gone, 0), action: 'click' }),
      eventOf({ at: late, member: 'ana', item: 'member:bo', id: 'card', trackingId: second, action: 'connect' }),
      eventOf({ at: late, member: 'ana', item: 'article:a', id: 'neither', trackingId: `${requestAt(minutes(5))}-1`, action: 'click' }),
    ])).toEqual({ page: 'erased', card: 'erased', neither: 'unknownId' });
  });

  test('a page beyond what is remembered is said to be so', () => {
    const pages = Array.from({ length: 4 }, (_, n) => pageRecord({ at: minutes(n), member: 'ana', items: ['article:a'] }));
    const last = pages[3] ?? page;
    const late = (record: LogRecord, id: string): LogRecord => eventOf({ at: minutes(9), member: 'ana', item: 'article:a', id, trackingId: cardOf(record, 0), action: 'click' });
    expect(told([...pages, late(pages[0] ?? page, 'old'), late(last, 'new')], { mostPages: 2 })).toEqual({ old: 'beyondWindow', new: `trackingId ${cardOf(last, 0)}` });
  });
});

describe('by the last touch', () => {
  const act = (at: number, id: string, action = 'follow'): LogRecord => eventOf({ at, member: 'ana', item: 'article:a', id, action });
  const click = eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id: 'click', trackingId: first, action: 'click' });
  const later = pageRecord({ at: START + DAY, member: 'ana', items: ['article:a'] });
  const view = eventOf({ at: START + DAY + MINUTE, member: 'ana', item: 'article:a', id: 'view', trackingId: cardOf(later, 0) });

  test('an action without a tracking id goes to the later of click and view', () => {
    expect(told([page, click, act(START + HOUR, 'a'), later, view, act(START + DAY + HOUR, 'b')])).toMatchObject({ a: `click ${first}`, b: `view ${cardOf(later, 0)}` });
  });

  test('a click counts for thirty days, a view for seven, and neither for another member or item', () => {
    expect(told([page, click, later, view, act(START + 9 * DAY, 'a')])).toMatchObject({ a: `click ${first}` });
    expect(told([page, click, act(START + 31 * DAY, 'a')])).toMatchObject({ a: 'nothing' });
    expect(told([later, view, act(START + DAY + 7 * DAY, 'a'), act(START + DAY + 7 * DAY + HOUR, 'b')])).toMatchObject({ a: `view ${cardOf(later, 0)}`, b: 'nothing' });
    expect(told([page, click, eventOf({ at: minutes(2), member: 'bo', item: 'article:a', id: 'a', action: 'like' }), eventOf({ at: minutes(2), member: 'ana', item: 'article:z', id: 'b', action: 'like' })])).toMatchObject({ a: 'nothing', b: 'nothing' });
  });

  test('an undo goes where the event went that it undoes', () => {
    const like = eventOf({ at: minutes(2), member: 'ana', item: 'article:a', id: 'like', trackingId: first, action: 'like' });
    const undo = eventOf({ at: START + DAY + HOUR, member: 'ana', item: 'article:a', id: 'undo', action: 'like', of: 'like' });
    expect(told([page, like, later, view, undo])).toMatchObject({ undo: `undone ${first}` });
  });
});

test('what a card was seen or done is first only once', () => {
  const events = joined([page, ...['a', 'b'].flatMap((id) => [
    eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id: `seen ${id}`, trackingId: first }),
    eventOf({ at: minutes(1), member: 'ana', item: 'article:a', id: `like ${id}`, trackingId: first, action: 'like' }),
  ])]);
  expect(events.map(({ id, isFirst }) => [id, isFirst])).toEqual([['seen a', true], ['like a', true], ['seen b', false], ['like b', false]]);
});

test('a device whose clock is off is set right by when it says that it sent the event', () => {
  const at = (device: number, sentAt: number, receivedAt: number): number => correctedTime(device as Millis, { sentAt: sentAt as Millis, receivedAt: receivedAt as Millis });
  expect(at(1000, 1500, 9500)).toBe(9000);
  expect(at(9000, 9500, 1500)).toBe(1000);
  expect(at(1000, 0, 9500)).toBe(1000);
  expect(at(9000, 0, 1500)).toBe(1500);
});
