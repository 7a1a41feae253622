/** A network over the real platform in memory in which every cohort of the pool has something for Ana. */
import { DAY, HOUR, manualClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { Cohort } from '../../src/discovery/cohort.ts';
import { DISCOVERY_DEFAULTS, type DiscoveryOptions } from '../../src/discovery/service.ts';
import type { CohortPage, DiscoveryPage } from '../../src/http/discovery-contracts.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createPlatform, type MainPlatform } from '../../src/platform/create.ts';

export const NOW: number = Date.UTC(2026, 10, 21, 12);
const time = (hoursAgo: number): string => new Date(NOW - hoursAgo * HOUR).toISOString();
const many = <T>(count: number, make: (i: number) => T): readonly T[] => Array.from({ length: count }, (_, i) => make(i));

/**
 * Ana works at Acme, studied at Tech, lives in Berlin, is an analyst, in a group, connected to Bo and Cy. Of each sort of stranger there are
 * enough for more than one page of "See all".
 */
export const ENTITIES = [
  { kind: 'company', id: 'acme', attributes: { name: 'Acme', topics: ['data'] } },
  { kind: 'school', id: 'tech', attributes: { name: 'Tech' } },
  { kind: 'group', id: 'sql', attributes: { name: 'SQL Circle', topics: ['sewing'] } },
  {
    kind: 'member', id: 'ana', attributes: {
      name: 'Ana', headline: 'Analyst at Acme', company: 'company:acme', place: 'Berlin', topics: ['data'], skills: ['sql'],
      positions: [{ title: 'Analyst', company: 'company:acme', from: '2020-01' }], education: [{ school: 'school:tech' }], connections: ['member:bo', 'member:cy'],
    },
  },
  { kind: 'member', id: 'bo', attributes: { name: 'Bo', connections: ['member:c0', 'member:c1'] } },
  { kind: 'member', id: 'cy', attributes: { name: 'Cy' } },
  { kind: 'member', id: 'dee', attributes: { name: 'Dee' } },
  ...many(30, (i) => ({ kind: 'member', id: `c${i}`, attributes: { name: `Colleague ${i}`, company: 'company:acme' } })),
  ...many(8, (i) => ({ kind: 'member', id: `s${i}`, attributes: { name: `Fellow ${i}`, education: [{ school: 'school:tech' }] } })),
  ...many(8, (i) => ({ kind: 'member', id: `b${i}`, attributes: { name: `Neighbour ${i}`, place: ' berlin ' } })),
  ...many(8, (i) => ({ kind: 'member', id: `r${i}`, attributes: { name: `Peer ${i}`, headline: 'ANALYST @ Globex' } })),
  ...many(8, (i) => ({ kind: 'member', id: `g${i}`, attributes: { name: `Seamster ${i}` } })),
  ...many(8, (i) => ({ kind: 'member', id: `w${i}`, attributes: { name: `Writer ${i}`, creator: true, topics: ['data'] } })),
  ...many(8, (i) => ({ kind: 'company', id: `p${i}`, attributes: { name: `Page ${i}`, topics: ['data'] } })),
  ...many(8, (i) => ({ kind: 'group', id: `k${i}`, attributes: { name: `Data Circle ${i}`, topics: ['data'] } })),
  ...many(8, (i) => ({ kind: 'hashtag', id: `h${i}`, attributes: { name: `data${i}`, topics: ['data'] } })),
  ...many(8, (i) => ({ kind: 'newsletter', id: `n${i}`, attributes: { title: `Data Letter ${i}`, topics: ['data'] } })),
  ...many(8, (i) => ({ kind: 'event', id: `v${i}`, attributes: { title: `Data Day ${i}`, topics: ['data'], startsAt: time(-24 * (i + 2)) } })),
  ...many(8, (i) => ({ kind: 'course', id: `o${i}`, attributes: { title: `Postgres ${i}`, skills: ['postgres'] } })),
  ...many(8, (i) => ({ kind: 'job', id: `j${i}`, createdAt: time(24 * (i + 1)), attributes: { title: `Database job ${i}`, company: 'company:acme', skills: ['postgres'] } })),
  { kind: 'skill', id: 'sql', attributes: { name: 'SQL', related: ['skill:postgres'] } },
  { kind: 'skill', id: 'postgres', attributes: { name: 'Postgres' } },
];

export const EVENTS = [['ana', 'join', 'group:sql'], ...many(8, (i) => [`g${i}`, 'join', 'group:sql']), ['bo', 'follow', 'company:p3'], ['cy', 'follow', 'company:p3']].map(([member, action, item]) => ({
  type: 'action', id: `${member ?? ''}-${item ?? ''}`, member: `member:${member ?? ''}`, item, action, at: time(48),
}));

export interface DiscoveryNetwork {
  readonly platform: MainPlatform;
  readonly clock: ReturnType<typeof manualClock>;
  page(member: string, locale?: string): Promise<DiscoveryPage>;
  cohort(query: { readonly member: string; readonly cohort: string; readonly limit?: number; readonly cursor?: string }): Promise<CohortPage>;
  /** @param of the event that it undoes @returns the id of the event */
  act(member: string, action: string, on: { readonly item: string; readonly of?: string }): Promise<string>;
}

export const discoveryNetwork = async (options: { readonly cohorts?: readonly Cohort[]; readonly discovery?: Partial<DiscoveryOptions> } = {}): Promise<DiscoveryNetwork> => {
  const clock = manualClock(NOW - DAY);
  const platform = await createPlatform({
    log: createMemoryLog({ partitions: 1, clock }), clock, elapsed: () => 0, random: seededRandom(3), secret: new Uint8Array(32), discovery: { ...DISCOVERY_DEFAULTS, ...options.discovery },
    options: { deadlineMs: 1000, cursorLifetimeMs: HOUR, exploration: 0, stateWaitMs: 0 }, loadModel: async () => undefined,
    ...(options.cohorts === undefined ? {} : { cohorts: options.cohorts }),
  });
  clock.set(NOW);
  const stored = [await platform.putEntities(ENTITIES), await platform.recordEvents(EVENTS, { history: false })];
  const rejected = stored.flatMap((outcome) => outcome.rejected);
  if (rejected.length > 0) throw new Error(`the network was refused: ${JSON.stringify(rejected[0])}`);
  let events = 0;
  const read = <T>(json: Uint8Array): T => JSON.parse(Buffer.from(json).toString('utf8')) as T;
  return {
    platform, clock,
    page: async (member, locale) => read<DiscoveryPage>((await platform.discovery({ member, ...(locale === undefined ? {} : { locale }) })).json),
    cohort: async ({ limit = 10, ...query }) => read<CohortPage>((await platform.cohort({ ...query, limit })).json),
    act: async (member, action, { item, of }) => {
      const id = `act-${events++}`;
      const { rejected: refused } = await platform.recordEvents([{ type: 'action', id, member: `member:${member}`, item, action, at: new Date(clock.now()).toISOString(), surface: 'discovery', ...(of === undefined ? {} : { of }) }], { history: false });
      if (refused.length > 0) throw new Error(JSON.stringify(refused[0]));
      return id;
    },
  };
};
