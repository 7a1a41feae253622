/** A small network over the real platform in memory: enough for every first-pass ranker to find something for Ana. */
import { DAY, HOUR, manualClock } from '../../src/core/clock.ts';
import { seededRandom } from '../../src/core/random.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import { createJourneyReader, type JourneyReader } from '../../src/models/journey/reader.ts';
import { createPlatform, type MainPlatform } from '../../src/platform/create.ts';
import { encodeHere } from '../../src/platform/encoder-host.ts';
import { drawnArtefact } from './journey-model.ts';

export const NOW: number = Date.UTC(2026, 10, 21, 12);

export interface SmallNetwork { readonly platform: MainPlatform; readonly now: number; readonly members: readonly string[]; readonly deleted: readonly string[] }

const time = (hoursAgo: number): string => new Date(NOW - hoursAgo * HOUR).toISOString();

/** Ana knows Bo and follows a company; Bo knows Cy; Dee has no past at all; Eve writes for all who care for databases. */
const ENTITIES = [
  { kind: 'company', id: 'acme', attributes: { name: 'Acme' } },
  { kind: 'member', id: 'ana', attributes: { name: 'Ana', company: 'company:acme', skills: ['sql'], topics: ['databases'], connections: ['member:bo'], follows: ['company:acme'] } },
  { kind: 'member', id: 'bo', attributes: { name: 'Bo', connections: ['member:ana', 'member:cy', 'member:gone'] } },
  { kind: 'member', id: 'cy', attributes: { name: 'Cy', company: 'company:acme', connections: ['member:bo'] } },
  { kind: 'member', id: 'dee', attributes: { name: 'Dee' } },
  { kind: 'member', id: 'gone', attributes: { name: 'Gone', connections: ['member:bo'] } },
  ...Array.from({ length: 30 }, (_, i) => ({ kind: 'article', id: `a${i}`, createdAt: time(i + 1), attributes: { title: `Article ${i}`, topics: [i % 2 === 0 ? 'databases' : 'sales'], author: i % 3 === 0 ? 'member:bo' : 'company:acme' } })),
  ...Array.from({ length: 5 }, (_, i) => ({ kind: 'post', id: `p${i}`, createdAt: time(i + 1), attributes: { text: `Post ${i}`, author: 'member:bo' } })),
  ...Array.from({ length: 8 }, (_, i) => ({ kind: 'job', id: `j${i}`, createdAt: time(24 * (i + 1)), attributes: { title: `Job ${i}`, company: 'company:acme', skills: i % 2 === 0 ? ['sql'] : [i % 4 === 1 ? 'postgres' : 'welding'] } })),
  { kind: 'skill', id: 'sql', attributes: { name: 'SQL', related: ['skill:postgres'] } },
  { kind: 'skill', id: 'postgres', attributes: { name: 'Postgres' } },
  { kind: 'member', id: 'flo', attributes: { name: 'Flo', skills: ['postgres'] } },
  { kind: 'member', id: 'eve', attributes: { name: 'Eve', creator: true, topics: ['databases'] } },
  ...Array.from({ length: 6 }, (_, i) => ({ kind: 'post', id: `e${i}`, createdAt: time(3 * i + 1), attributes: { text: `Note ${i}`, author: 'member:eve', topics: ['databases'] } })),
  ...Array.from({ length: 4 }, (_, i) => ({ kind: 'article', id: `m${i}`, createdAt: time(5 * i + 1), attributes: { title: `Acme does ${i}`, mentions: ['company:acme'] } })),
  ...Array.from({ length: 4 }, (_, i) => ({ kind: 'group', id: `g${i}`, createdAt: time(500), attributes: { name: `Group ${i}`, topics: [i % 2 === 0 ? 'databases' : 'gardens'] } })),
  ...Array.from({ length: 4 }, (_, i) => ({ kind: 'course', id: `c${i}`, createdAt: time(500), attributes: { title: `Course ${i}`, skills: [i % 2 === 0 ? 'postgres' : 'welding'] } })),
  ...Array.from({ length: 6 }, (_, i) => ({ kind: 'event', id: `v${i}`, createdAt: time(500), attributes: { title: `Event ${i}`, topics: [i % 2 === 0 ? 'databases' : 'gardens'], ...(i < 4 ? { startsAt: time(24 * (i - 2) - 1) } : {}) } })),
  // All of Acme's: two of one item, one for whoever has a skill, and one of what was deleted.
  ...[['shown', 'article:a28', 3], ['outbid', 'article:a28', 2], ['skilled', 'job:j6', 1], ['gone', 'article:a0', 9]].map(([id, item, bid]) => ({
    kind: 'campaign', id, attributes: { item, advertiser: 'company:acme', pays: 'click', bid, budget: 1000, currency: 'EUR', startsAt: time(48), endsAt: time(-48), ...(id === 'skilled' ? { targeting: { skills: ['sql'] } } : {}) },
  })),
];

const DELETED = ['article:a0', 'article:a1', 'post:p0', 'job:j0', 'member:gone', 'post:e0', 'article:m0', 'group:g0', 'course:c0', 'event:v0'];

const EVENTS = ['ana', 'bo', 'cy'].flatMap((member, m) => Array.from({ length: 12 }, (_, i) => ({
  type: 'action', id: `${member}-${i}`, member: `member:${member}`, item: `article:a${(i * (m + 1)) % 30}`, action: i % 3 === 0 ? 'like' : 'click', at: time(12 - i / 2),
})));

/** Ana looks at a job that asks for welding; Bo is in a group and goes to an event, both about what is no topic of hers. */
const ELSEWHERE = ([['ana', 'click', 'job:j3'], ['bo', 'join', 'group:g1'], ['bo', 'attend', 'event:v5']] as const).map(([member, action, item]) => ({
  type: 'action', id: `${member}-${action}-${item}`, member: `member:${member}`, item, action, at: time(2),
}));

const MEMBERS = ['ana', 'bo', 'dee'] as const;

export const smallNetwork = async (): Promise<SmallNetwork> => {
  const clock = manualClock(NOW - DAY);
  const open = async (): Promise<JourneyReader> => createJourneyReader(drawnArtefact({ items: ENTITIES.map(({ kind, id }) => `${kind}:${id}`) }));
  const platform = await createPlatform({
    log: createMemoryLog({ partitions: 1, clock }), clock, elapsed: () => 0, random: seededRandom(3), secret: new Uint8Array(32),
    startEncoder: async (state) => encodeHere({ data: '', state, clock, plugins: [], onFault: (error) => { throw error; } }, { encoder: open, reader: open }),
    options: { deadlineMs: 1000, cursorLifetimeMs: HOUR, exploration: 0, stateWaitMs: 1000 }, loadModel: async () => undefined,
  });
  clock.set(NOW);
  const stored = [await platform.putEntities(ENTITIES), await platform.recordEvents([...EVENTS, ...ELSEWHERE], { history: false })];
  const rejected = stored.flatMap((outcome) => outcome.rejected);
  if (rejected.length > 0) throw new Error(`the small network was refused: ${JSON.stringify(rejected[0])}`);
  for (const reference of DELETED) await platform.deleteEntity(...(reference.split(':') as [string, string]));
  await platform.serveJourney('drawn');
  // Whoever asks for a page has a state.
  for (const member of MEMBERS) await platform.feed({ member, limit: 1, sort: 'relevance' });
  return { platform, now: NOW, members: MEMBERS, deleted: DELETED };
};
