/** A day of what happened, as typed columns that are filled anew each day. */
import { RESPONSE_NAMES, STALLS } from '../parameters.ts';
import { SURFACES } from '../../core/registry.ts';

/** What an event can be; the first is an impression, the rest are actions. */
export const HAPPENINGS: readonly string[] = ['impression', ...new Set([...RESPONSE_NAMES, ...STALLS.flatMap(({ deeds }) => deeds.map(([action]) => action)), 'view', 'search', 'invite', 'accept'])];
export const HAPPENING_NUMBERS: ReadonlyMap<string, number> = new Map(HAPPENINGS.map((name, number) => [name, number]));
const SURFACE_NUMBERS: ReadonlyMap<string, number> = new Map(SURFACES.map((name, number) => [name, number]));
export const surfaceNumber = (name: string): number => SURFACE_NUMBERS.get(name) ?? 0;

/** Rows [0, count). */
export interface EventBlock {
  readonly count: number;
  /** Row of HAPPENINGS. */
  readonly what: Uint8Array;
  readonly surface: Uint8Array;
  /** Number of the member in the world, row of the item. */
  readonly member: Int32Array;
  readonly item: Int32Array;
  /** Milliseconds since the epoch; visible for so many milliseconds, 0 where it is an action. */
  readonly at: Float64Array;
  readonly visibleMs: Int32Array;
  /** The session or errand that it belongs to, counted over the whole history, and the place on its feed, -1 beside it. */
  readonly visit: Int32Array;
  readonly place: Int16Array;
}
/** The row that comes next, filled in place: millions of them are no objects of their own. */
export interface Draft { what: number; surface: number; member: number; item: number; at: number; visibleMs: number; visit: number; place: number }
export interface EventWriter extends EventBlock {
  readonly draft: Draft;
  /** The draft becomes a row, and stays as it is for the next. */
  write(): void;
  clear(): void;
}

const open = (capacity: number): { -readonly [Column in Exclude<keyof EventBlock, 'count'>]: EventBlock[Column] } => ({
  what: new Uint8Array(capacity), surface: new Uint8Array(capacity), member: new Int32Array(capacity), item: new Int32Array(capacity),
  at: new Float64Array(capacity), visibleMs: new Int32Array(capacity), visit: new Int32Array(capacity), place: new Int16Array(capacity),
});

export const createEventWriter = (): EventWriter => {
  let capacity = 4096;
  let count = 0;
  let columns = open(capacity);
  const grow = (): void => {
    capacity *= 2;
    const larger = open(capacity);
    larger.what.set(columns.what); larger.surface.set(columns.surface); larger.member.set(columns.member); larger.item.set(columns.item);
    larger.at.set(columns.at); larger.visibleMs.set(columns.visibleMs); larger.visit.set(columns.visit); larger.place.set(columns.place);
    columns = larger;
  };
  const draft: Draft = { what: 0, surface: 0, member: 0, item: 0, at: 0, visibleMs: 0, visit: 0, place: -1 };
  return {
    get count() { return count; }, get what() { return columns.what; }, get surface() { return columns.surface; }, get member() { return columns.member; }, get item() { return columns.item; },
    get at() { return columns.at; }, get visibleMs() { return columns.visibleMs; }, get visit() { return columns.visit; }, get place() { return columns.place; },
    draft,
    write: () => {
      if (count === capacity) grow();
      columns.what[count] = draft.what; columns.surface[count] = draft.surface; columns.member[count] = draft.member; columns.item[count] = draft.item;
      columns.at[count] = draft.at; columns.visibleMs[count] = draft.visibleMs; columns.visit[count] = draft.visit; columns.place[count] = draft.place;
      count++;
    },
    clear: () => { count = 0; },
  };
};
