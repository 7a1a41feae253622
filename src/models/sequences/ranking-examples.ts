/**
 * What a ranking head learns from: for each card that was seen (or, in a log without impressions, for each touch and what was available
 * beside it) the member's sequence up to the request, the item, the features as they were served, and what came of it.
 */
import { parseRef } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Log } from '../../log/port.ts';
import { createExampleBuffer, type ExampleBuffer } from '../example-buffer.ts';
import { enoughImpressions, gatherTouches, shownPages } from '../examples.ts';
import { FEATURES } from '../features.ts';
import { readSequences, type LogSequences } from './from-log.ts';

export interface RankingExamples {
  /** Features, bits (rows of the action registry, `dwell` for a long look; 1 for a touch), time, position. `member` and `item` number the data; a query is a page, or a touch and its negatives. */
  readonly rows: ExampleBuffer;
  /** By row: the member's sequence may be read up to this event (exclusive; an index into the data's columns). */
  readonly ends: Int32Array;
  readonly source: 'impressions' | 'touches';
}

export interface JourneyExamples extends LogSequences { readonly examples: RankingExamples }

export interface ExampleOptions {
  readonly random: Random;
  /** Whether what was seen is enough to learn from, else touches are replayed. Default: what the second pass asks too. */
  readonly isEnough?: (impressions: ExampleBuffer) => boolean;
  readonly onProgress?: (share: number) => void;
}

/** Rows whose members and items are still known by name. */
interface Named { readonly rows: ExampleBuffer; readonly source: RankingExamples['source']; memberOf(row: number): string; itemOf(row: number): string }

const MEMBER = 'member:';
const createNames = (): { readonly list: string[]; of(name: string): number } => {
  const numbers = new Map<string, number>();
  const list: string[] = [];
  return { list, of: (name) => numbers.get(name) ?? (numbers.set(name, list.length), list.push(name) - 1) };
};

const fromImpressions = async (log: Log, onProgress?: (share: number) => void): Promise<Named> => {
  const rows = createExampleBuffer(FEATURES);
  const members = createNames();
  const items = createNames();
  for await (const page of shownPages(log, onProgress)) {
    const member = members.of(page.member);
    for (const { item, features, position, bits } of page.cards) rows.push(features, 0, { bits, at: page.at, member, position, item: items.of(item) });
    rows.endQuery();
  }
  return { rows, source: 'impressions', memberOf: (row) => members.list[rows.member[row] ?? 0] ?? '', itemOf: (row) => items.list[rows.item[row] ?? 0] ?? '' };
};

const fromTouches = async (log: Log, { random, onProgress }: ExampleOptions): Promise<Named> => {
  const rows = createExampleBuffer(FEATURES);
  const { views: { catalog: { entities } } } = await gatherTouches(log, rows, { random, ...(onProgress === undefined ? {} : { onProgress }) });
  const idOf = (reference: string): string => (reference.startsWith(MEMBER) ? parseRef(reference).id : '');
  return { rows, source: 'touches', memberOf: (row) => idOf(entities.name(rows.member[row] ?? 0)), itemOf: (row) => entities.name(rows.item[row] ?? 0) };
};

/** The first event of a member at or after a second: what came before it was known when the page was asked for. */
const endAt = ({ starts, seconds }: LogSequences['data'], member: number, second: number): number => {
  let low = starts[member] ?? 0;
  let high = starts[member + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seconds[middle] ?? 0) < second) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The rows of members who are in the data, numbered as there. */
const join = (named: Named, sequences: LogSequences): RankingExamples => {
  const rows = createExampleBuffer(FEATURES);
  const ends: number[] = [];
  const { rows: all } = named;
  for (let query = 0; query + 1 < all.queries.length; query++) {
    for (let row = all.queries[query] ?? 0; row < (all.queries[query + 1] ?? 0); row++) {
      const member = sequences.memberOf(named.memberOf(row));
      if (member < 0) continue;
      const at = all.at[row] ?? 0;
      rows.push(all.values(row), 0, { bits: all.bits[row] ?? 0, at, member, position: all.position[row] ?? 0, item: sequences.itemOf(named.itemOf(row)) });
      ends.push(endAt(sequences.data, member, Math.floor(at / 1000)));
    }
    rows.endQuery();
  }
  return { rows, ends: Int32Array.from(ends), source: named.source };
};

/** Sequences and ranking examples of a store, on one numbering. Members who withhold activity or sequence are in neither. */
export const readJourneys = async (log: Log, options: ExampleOptions): Promise<JourneyExamples> => {
  const through = log.end();
  const progress = (from: number, to: number) => (share: number): void => { options.onProgress?.(from + (to - from) * share); };
  const shown = await fromImpressions(log, progress(0, 0.4));
  const { isEnough = enoughImpressions } = options;
  const named = isEnough(shown.rows) ? shown : await fromTouches(log, { ...options, onProgress: progress(0.4, 0.8) });
  const members = new Set<string>();
  const items = new Set<string>();
  for (let row = 0; row < named.rows.count; row++) { members.add(named.memberOf(row)); items.add(named.itemOf(row)); }
  const sequences = await readSequences(log, { through, members, items, onProgress: progress(0.8, 1) });
  return { ...sequences, examples: join(named, sequences) };
};
