/** A state made of records, and what a first-pass ranker answers over it. */
import { entityDeletedRecord, entityRecord } from '../../src/catalog/validate.ts';
import { manualClock, MINUTE } from '../../src/core/clock.ts';
import { UNASSIGNED, type RequestContext } from '../../src/core/context.ts';
import type { Millis, RequestId } from '../../src/core/ids.ts';
import { seededRandom } from '../../src/core/random.ts';
import { ALL_SIGNALS, type SignalFamilies } from '../../src/core/registry.ts';
import { eventRecord } from '../../src/funnel/validate.ts';
import { createMemoryLog } from '../../src/log/memory.ts';
import type { LogRecord } from '../../src/log/port.ts';
import { createSpace } from '../../src/memory/space.ts';
import { openState, type State } from '../../src/platform/state.ts';
import { createRankedList, MAX_ACTORS } from '../../src/rankers/ranked-list.ts';
import type { FirstPassRanker } from '../../src/rankers/ranker.ts';
import { REASON_CODES } from '../../src/rankers/reasons.ts';
import { createViewerReader } from '../../src/rankers/viewer.ts';

export const NOW = Date.parse('2026-05-04T09:00:00Z') as Millis;
const iso = (ago: number): string => new Date(NOW - ago).toISOString();

let ids = 0;
/** An entity that came into the world so many milliseconds ago. */
export const put = (reference: string, attributes: Readonly<Record<string, unknown>>, ago = 0): LogRecord => {
  const [kind = '', id = ''] = reference.split(':');
  return entityRecord({ kind, id, attributes, createdAt: iso(ago) }, { now: NOW, recordId: `r${ids++}` });
};
export const drop = (reference: string): LogRecord => entityDeletedRecord(reference, { now: NOW, recordId: `r${ids++}` });
export const act = (member: string, action: string, item: string): LogRecord =>
  eventRecord({ type: 'action', id: `e${ids++}`, at: iso(MINUTE), member: `member:${member}`, item, action }, { now: NOW, history: false });
export const see = (member: string, item: string): LogRecord =>
  eventRecord({ type: 'impression', id: `e${ids++}`, at: iso(MINUTE), member: `member:${member}`, item, trackingId: 'none-0', span: `s${ids++}`, visibleMs: 900 }, { now: NOW, history: false });

export const stateOf = async (...records: readonly LogRecord[]): Promise<State> => {
  const log = createMemoryLog({ partitions: 1, clock: manualClock(NOW) });
  const state = openState(createSpace());
  await log.append(0, records);
  for await (const block of log.read([{ partition: 0, sequence: 0 }])) state.apply(block);
  return state;
};

export interface Ranked { readonly item: string; readonly score: number; readonly reason: string | undefined; readonly actors: readonly string[] }

/** Best first, in words. @param who asks: an id, and what they allow where that is not everything */
export const ranked = async (state: State, ranker: FirstPassRanker, who: string | { readonly member: string; readonly allowed: SignalFamilies }): Promise<readonly Ranked[]> => {
  const { member, allowed } = typeof who === 'string' ? { member: who, allowed: ALL_SIGNALS } : who;
  const { catalog } = state;
  const context: RequestContext = {
    requestId: 'unit' as RequestId, now: NOW, deadlineMs: MINUTE, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'test',
    allowed, random: seededRandom(1), ...UNASSIGNED,
  };
  const list = createRankedList();
  list.clear(catalog.entities.size());
  await ranker.rank({ viewer: createViewerReader().read(catalog.find(`member:${member}`), state, context), views: state, context }, list);
  list.finish(ranker.limit);
  return Array.from({ length: list.size }, (_, row) => ({
    item: catalog.entities.name(list.item[row] ?? -1), score: list.score[row] ?? 0, reason: REASON_CODES[list.reason[row] ?? -1],
    actors: [...list.actors.subarray(row * MAX_ACTORS, (row + 1) * MAX_ACTORS)].filter((actor) => actor > 0).map((actor) => catalog.entities.name(actor - 1)),
  }));
};
export const itemsOf = (rows: readonly Ranked[]): readonly string[] => rows.map(({ item }) => item);
