import { expect, test } from 'vitest';
import { HOUR } from '../../../src/core/clock.ts';
import type { Millis, RequestId } from '../../../src/core/ids.ts';
import { answeredRecord } from '../../../src/funnel/answered.ts';
import { createSummary, type FunnelSummary } from '../../../src/funnel/summary.ts';
import type { LogRecord } from '../../../src/log/port.ts';
import { cardOf, eventOf, minutes, pageRecord, START, stored } from './story.ts';

const summary = (records: readonly LogRecord[]): FunnelSummary => {
  const counter = createSummary();
  for (const record of stored(records)) counter.apply(record);
  counter.end();
  return counter.result();
};

test('every surface and kind has its own row, from what was served to what was undone', () => {
  const feed = pageRecord({ at: START, member: 'ana', items: ['article:a', 'article:b', 'member:bo'] });
  const discovery = pageRecord({ at: START + 2 * HOUR, member: 'ana', items: ['member:cy', 'member:bo'], surface: 'discovery' });
  const about = { at: minutes(1), member: 'ana' };
  const like = (id: string, of?: string): LogRecord => eventOf({ ...about, item: 'article:a', id, trackingId: cardOf(feed, 0), action: 'like', ...(of === undefined ? {} : { of }) });
  const { rows, ...rest } = summary([
    feed, answeredRecord({ requestId: feed.id as RequestId, member: 'ana', at: START as Millis, surface: 'feed' }, [{ candidate: 1, position: 0 }, { candidate: 3, position: 2 }]),
    eventOf({ ...about, item: 'article:a', id: 'seen', trackingId: cardOf(feed, 0), visibleMs: 2000 }), eventOf({ ...about, item: 'article:a', id: 'seen again', trackingId: cardOf(feed, 0), visibleMs: 1000 }),
    like('like'), like('unlike', 'like'), like('like again'),
    discovery, eventOf({ at: START + 2 * HOUR, member: 'ana', item: 'member:cy', id: 'invite', trackingId: cardOf(discovery, 0), action: 'invite' }),
    eventOf({ ...about, item: 'article:z', id: 'elsewhere', action: 'click' }), eventOf({ ...about, item: 'article:z', id: 'lost', trackingId: 'nobody-1', action: 'click' }),
  ]);
  const none = { seen: 0, impressions: 0, visibleSeconds: 0, acted: 0, actions: {} };
  expect(rows).toEqual([
    { surface: 'feed', kind: 'article', served: 2, answered: 1, seen: 1, impressions: 2, visibleSeconds: 3, acted: 1, actions: { like: { events: 2, cards: 1, undone: 1 } } },
    { ...none, surface: 'discovery', kind: 'member', served: 2, answered: 0, acted: 1, actions: { invite: { events: 1, cards: 1, undone: 0 } } },
    { ...none, surface: 'feed', kind: 'member', served: 1, answered: 1 },
  ]);
  expect(rest).toMatchObject({ pages: 2, members: 1, sessions: 2, from: START, to: START + 2 * HOUR, impressions: { events: 2, joined: { trackingId: 2 }, elsewhere: 0, lost: {}, shareJoined: 1 } });
  expect(rest.actions).toEqual({ events: 6, joined: { trackingId: 4 }, elsewhere: 1, lost: { unknownId: 1 }, shareJoined: 0.8 });
  expect(rest.examples).toEqual([{ event: 'lost', trackingId: 'nobody-1', loss: 'unknownId' }]);
});

test('an empty log has an empty funnel', () => {
  const { rows, pages, sessions, actions, ...rest } = summary([]);
  expect([rows, pages, sessions, actions.shareJoined, 'from' in rest]).toEqual([[], 0, 0, 1, false]);
});
