/** The platform itself behind the page: its own server over a log in memory, filled with articles and a small network. */
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../src/core/clock.ts';
import { seededRandom } from '../../../src/core/random.ts';
import type { ClientEvent } from '../../../src/client/types.ts';
import type { Cohort } from '../../../src/discovery/cohort.ts';
import { createHttpServer } from '../../../src/http/server.ts';
import { createMemoryLog } from '../../../src/log/memory.ts';
import type { Platform } from '../../../src/platform/api.ts';
import { createPlatform } from '../../../src/platform/create.ts';
import { feedItem } from '../../support/feed-items.ts';
import type { Site } from './browser.ts';

const MEMBER = '42';
const SECRET = new Uint8Array(32).fill(9);

const entitiesOf = (items: number): readonly unknown[] => {
  const now = Date.now();
  const member = (id: string, name: string): unknown => ({ kind: 'member', id, attributes: { name, topics: ['Hiring', 'Energy'], ...(id === MEMBER ? { follows: ['member:1', 'member:2'] } : {}) } });
  const articles = Array.from({ length: items }, (_, position) => {
    const { card } = feedItem(position, { request: 'x', sort: 'recent', now });
    return {
      kind: 'article', id: position.toString(16), createdAt: new Date(now - position * 60_000).toISOString(),
      attributes: { ...(card.untitled ? {} : { title: card.title }), ...(card.text === null ? {} : { summary: card.text }), ...(card.url === null ? {} : { url: card.url }), ...(card.author === null ? {} : { author: card.author.ref }), ...(card.topics.length === 0 ? {} : { topics: [...new Set(card.topics)] }) },
    };
  });
  return [member(MEMBER, 'Noor Vermeer'), ...['Ana Ribeiro', 'Tomasz Król', 'Mei-Ling Chou', 'Ibrahim Sow', 'Leila Haddad', 'Sam O’Neill'].map((name, id) => member(String(id), name)), ...articles];
};

/** Watches what the platform takes in: an event counts when it was not rejected, once per id. */
const watched = (platform: Platform, held: Map<string, ClientEvent>, conflicts: ClientEvent[]): Platform => ({
  ...platform,
  recordEvents: async (values, options) => {
    const outcome = await platform.recordEvents(values, options);
    const rejected = new Map(outcome.rejected.map(({ index, code }) => [index, code]));
    (values as readonly ClientEvent[]).forEach((event, index) => {
      if (rejected.get(index) === 'client/conflict') conflicts.push(event);
      else if (!rejected.has(index)) held.set(event.id, event);
    });
    return outcome;
  },
});

export interface HouseOptions { readonly entities: readonly unknown[]; readonly member: string; readonly cohorts?: readonly Cohort[] }

/** A platform with these entities in it, behind its own server. */
export const openHouse = async ({ entities, member, cohorts }: HouseOptions): Promise<Site> => {
  const platform = await createPlatform({
    log: createMemoryLog({ partitions: 1, clock: systemClock }), clock: systemClock, elapsed: () => performance.now(), random: seededRandom(1), secret: SECRET,
    options: { deadlineMs: 1000, cursorLifetimeMs: 600_000, exploration: 0, stateWaitMs: 1000 }, loadModel: async () => undefined,
    ...(cohorts === undefined ? {} : { cohorts }),
  });
  const { rejected } = await platform.putEntities(entities);
  if (rejected[0] !== undefined) throw new Error(rejected[0].detail);
  const held = new Map<string, ClientEvent>();
  const conflicts: ClientEvent[] = [];
  const app = createHttpServer({ platform: watched(platform, held, conflicts), clock: systemClock, config: { host: '127.0.0.1', keys: [], tokenSecret: SECRET } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, member,
    events: () => [...held.values()], conflicts: () => conflicts,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
      await platform.close();
    },
  };
};

export const startHouse = ({ items = 400 }: { readonly items?: number } = {}): Promise<Site> => openHouse({ entities: entitiesOf(items), member: MEMBER });
