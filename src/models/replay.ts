/** The past, again: the log through fresh projections, so that a feature is what it was at any moment. */
import { openCatalog, type Catalog } from '../catalog/catalog.ts';
import { decodeEntity } from '../catalog/records.ts';
import { UNASSIGNED, type RequestContext } from '../core/context.ts';
import type { Millis, RequestId } from '../core/ids.ts';
import { seededRandom } from '../core/random.ts';
import { positiveBits } from '../core/registry.ts';
import { openJourney } from '../journey/journey.ts';
import type { Taste } from '../journey/taste.ts';
import type { Log, StoredRecord } from '../log/port.ts';
import { createSpace } from '../memory/space.ts';
import { createViewerReader } from '../rankers/viewer.ts';
import type { Views } from '../rankers/views.ts';
import { computeFeatures } from './features.ts';
import { POOL } from '../rankers/pool/index.ts';

export interface Question {
  readonly viewer: number;
  readonly at: number;
  /** Candidates: the first `size` of these dense items. */
  readonly items: Int32Array;
  readonly size: number;
}

export interface Replay {
  readonly views: Views;
  apply(record: StoredRecord): void;
  /** Features of the candidates as of now (size × FEATURES). No first-pass ranker is asked: their scores are 0. */
  features(question: Question, out: Float32Array): void;
  /** True where the viewer did something positive to the item and did not undo it. */
  hasTouched(viewer: number, item: number): boolean;
  /** Feed items alive that came before `at`, oldest first, those the viewer touched left out. @returns how many. */
  available(viewer: number, at: number, into: Int32Array): number;
}

const NO_RANDOM = seededRandom(0);

/** @param taste what the journey model makes of members and items, where there is one: asked at the moments of questions */
export const createReplay = (taste?: (catalog: Catalog) => Taste): Replay => {
  const space = createSpace();
  const catalog = openCatalog(space);
  const journey = openJourney(space, catalog);
  const views: Views = { catalog, journey, taste: taste?.(catalog) };
  const reader = createViewerReader();
  let scores: Float32Array = new Float32Array();
  let seenRow: Int32Array = new Int32Array();
  const contextOf = (viewer: number, at: number): RequestContext => ({
    requestId: 'replay' as RequestId, now: at as Millis, deadlineMs: Number.POSITIVE_INFINITY, elapsed: () => 0, locale: 'en', timeZone: 'UTC', surface: 'feed', client: 'replay',
    allowed: catalog.allowed(viewer), random: NO_RANDOM, ...UNASSIGNED,
  });
  const hasTouched = (viewer: number, item: number): boolean => {
    const row = journey.seen.find(viewer, item);
    return row >= 0 && ((journey.seen.columns.actions[row] ?? 0) & positiveBits()) !== 0;
  };
  return {
    views, hasTouched,
    apply: (record) => {
      catalog.apply(record);
      journey.apply(record);
      catalog.settle();
    },
    features: ({ viewer, at, items, size }, out) => {
      if (scores.length < size * POOL.length) scores = new Float32Array(size * POOL.length * 2);
      if (seenRow.length < size) seenRow = new Int32Array(size * 2);
      for (let c = 0; c < size; c++) seenRow[c] = viewer < 0 ? -1 : journey.seen.find(viewer, items[c] ?? 0);
      const context = contextOf(viewer, at);
      computeFeatures({ size, item: items, seenRow, scores, stride: size, viewer: reader.read(viewer, views, context), views, context }, out);
    },
    available: (viewer, at, into) => {
      const { data, head } = catalog.timeline.view;
      const block = head[0] ?? 0;
      const end = block + 2 + (data[block] ?? 0);
      const { createdAt } = catalog.items.columns;
      let size = 0;
      for (let place = block + 2; place < end; place++) {
        const item = data[place] ?? 0;
        if ((createdAt[item] ?? 0) >= at) break;
        if (!hasTouched(viewer, item)) into[size++] = item;
      }
      return size;
    },
  };
};

/** Progress of a pass over the log, 0 to 1. */
export type OnProgress = (share: number) => void;

/** What happened at one time: within it nobody knows what came first. */
export interface Moment { readonly at: number; readonly records: readonly StoredRecord[] }

/** Entities wait here until the past has come to the time of their making: an import may store them all before the first event. */
const createWaitingRoom = (): { add(record: StoredRecord): void; release(at: number): readonly StoredRecord[] } => {
  let waiting: { readonly from: number; readonly record: StoredRecord }[] = [];
  let isSorted = true;
  return {
    add: (record) => {
      const from = record.type === 'entity' ? decodeEntity(record.payload).createdAt : Number.NEGATIVE_INFINITY;
      isSorted = isSorted && from >= (waiting.at(-1)?.from ?? Number.NEGATIVE_INFINITY);
      waiting.push({ from, record });
    },
    release: (at) => {
      if (!isSorted) waiting.sort((a, b) => a.from - b.from);
      isSorted = true;
      let due = 0;
      while (due < waiting.length && (waiting[due]?.from ?? 0) <= at) due++;
      const released = waiting.slice(0, due).map(({ record }) => record);
      if (due > 0) waiting = waiting.slice(due);
      return released;
    },
  };
};

/** The log in order, events and served pages of the same time together. */
export async function* moments(log: Log, onProgress?: OnProgress): AsyncGenerator<Moment> {
  const ends = log.end();
  const total = ends.reduce((sum, end) => sum + end.sequence, 0);
  const room = createWaitingRoom();
  let done = 0;
  let at = Number.NaN;
  let records: StoredRecord[] = [];
  for await (const block of log.read(ends.map(({ partition }) => ({ partition, sequence: 0 })))) {
    for (const record of block.records) {
      if (record.type === 'answered') continue;
      if (record.type !== 'event' && record.type !== 'served') { room.add(record); continue; }
      if (record.at !== at && records.length > 0) { yield { at, records }; records = []; }
      at = record.at;
      records.push(...room.release(at), record);
    }
    done += block.records.length;
    onProgress?.(Math.min(1, done / Math.max(total, 1)));
  }
  records.push(...room.release(Number.POSITIVE_INFINITY));
  if (records.length > 0) yield { at, records };
}
