import { describe, expect, test } from 'vitest';
import { BRIDGES, olderEvents } from '../../../../src/funnel/bridge/older.ts';
import type { LogRecord } from '../../../../src/log/port.ts';
import { eventOf, minutes, pageRecord, START, stored } from '../story.ts';

/** What a member can do, on every kind that the older events know and one that they do not. */
const events = (): readonly LogRecord[] => {
  const told: LogRecord[] = [];
  const add = (item: string, action?: string, of?: string): void => {
    const id = `${item}.${action ?? 'seen'}${of === undefined ? '' : '.undone'}`;
    told.push(eventOf({ at: minutes(told.length), member: 'ana', item, id, trackingId: `r-${told.length}`, surface: told.length % 2 === 0 ? 'discovery' : 'feed', visibleMs: 1200, ...(action === undefined ? {} : { action }), ...(of === undefined ? {} : { of }) }));
  };
  const verbs = { company: 'follow', hashtag: 'follow', newsletter: 'subscribe', group: 'join', event: 'attend', member: 'invite', job: 'save' } as const;
  for (const [kind, verb] of Object.entries(verbs)) {
    const item = `${kind}:${kind}-1`;
    add(item);
    add(item, verb);
    add(item, verb, `${item}.${verb}`);
    add(item, 'hide');
    add(item, 'hide', `${item}.hide`);
    add(item, 'notInterested');
    add(item, 'click');
  }
  for (const verb of ['follow', 'connect']) {
    add('member:bo', verb);
    add('member:bo', verb, `member:bo.${verb}`);
  }
  told.push(eventOf({ at: minutes(200), sentAt: minutes(201), receivedAt: minutes(101), member: 'ana', item: 'group:late', id: 'a clock that is off', action: 'join' }));
  return told;
};

test('every older event says what its golden file says', async () => {
  const lines = stored(events()).flatMap(olderEvents);
  for (const { name, version } of BRIDGES) {
    const own = lines.filter(({ eventName }) => eventName === name);
    expect(new Set(own.map((line) => line.version))).toEqual(new Set([version]));
    await expect(own.map((line) => `${JSON.stringify(line)}\n`).join('')).toMatchFileSnapshot(`../../../fixtures/bridge/${name}-${version}.ndjson`);
  }
});

describe('the older events', () => {
  test('know nothing of served pages, and what came in as history the host told in its time', () => {
    const history = eventOf({ at: START, member: 'ana', item: 'group:g', id: 'h', action: 'join', history: true });
    expect(stored([pageRecord({ at: START, member: 'ana', items: ['group:g'] }), history]).flatMap(olderEvents)).toEqual([]);
  });

  test('depend on the event alone', () => {
    const [record] = stored([eventOf({ at: START, member: 'ana', item: 'group:g', id: 'j', action: 'join' })]);
    if (record === undefined) throw new Error('there is no record');
    expect(olderEvents({ ...record, sequence: 77 })).toEqual(olderEvents(record));
  });
});
