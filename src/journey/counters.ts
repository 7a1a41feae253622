/** How much an item is touched: exponentially decayed counts at several half-lives, brought up to date when touched or read. */
import { DAY, HOUR, MINUTE } from '../core/clock.ts';
import { exp2 } from '../core/powers.ts';
import { ACTIONS } from '../core/registry.ts';
import type { Packed } from '../memory/structures.ts';

/** Half-lives in milliseconds, by column. */
export const HALF_LIVES = { touches10m: 10 * MINUTE, touches1h: HOUR, touches6h: 6 * HOUR, touches1d: DAY, touches7d: 7 * DAY, strong1d: DAY } as const;

export const COUNTER_SCHEMA = {
  /** Time of the last touch, ms. All decayed counts are as of then. */
  lastAt: 'f64', impressionsAt: 'f64',
  touches10m: 'f32', touches1h: 'f32', touches6h: 'f32', touches1d: 'f32', touches7d: 'f32', strong1d: 'f32',
  /** Distinct people and impressions, ever. */
  people: 'u32', impressions: 'u32',
  /** What those impressions were as looks, ever and of the last day. */
  looks: 'f32', looks1d: 'f32',
  touches: 'u32',
  /** Impressions of everything that it made. */
  shownOfMaker: 'u32',
  /** Dense number + 1 of whoever touched it first: stands in for the maker of an item without an author. */
  firstMember: 'i32',
} as const;
export type Counters = Packed<typeof COUNTER_SCHEMA>;

/** Actions that cost the member something say more than a view. */
const STRONG: readonly boolean[] = ACTIONS.map(({ name }) => ['like', 'comment', 'share', 'save', 'follow', 'connect', 'apply', 'invite', 'accept', 'join', 'start', 'complete', 'attend', 'subscribe', 'buy'].includes(name));

export const decay = (elapsedMs: number, halfLifeMs: number): number => (elapsedMs <= 0 ? 1 : exp2(-elapsedMs / halfLifeMs));

export const countTouch = ({ columns, words }: Counters, item: number, touch: { readonly member: number; readonly at: number; readonly action: number; readonly isFirst: boolean }): void => {
  const row = item * words;
  const last = columns.lastAt[row >> 1] ?? 0;
  // A late event counts as it would have had it come in time.
  const at = Math.max(last, touch.at);
  const late = decay(at - touch.at, DAY);
  const strong = STRONG[touch.action] === true ? 1 : 0;
  for (const name of Object.keys(HALF_LIVES) as (keyof typeof HALF_LIVES)[]) {
    const added = name === 'strong1d' ? strong : 1;
    columns[name][row] = (columns[name][row] ?? 0) * decay(at - last, HALF_LIVES[name]) + added * late;
  }
  columns.lastAt[row >> 1] = at;
  if (columns.touches[row] === 0) columns.firstMember[row] = touch.member + 1;
  columns.touches[row] = (columns.touches[row] ?? 0) + 1;
  if (touch.isFirst) columns.people[row] = (columns.people[row] ?? 0) + 1;
};

/** Takes a touch back: what is left of it by now. @param touch.at undefined where it is no longer known: counts alone go down */
export const uncountTouch = ({ columns, words }: Counters, item: number, touch: { readonly at: number | undefined; readonly action: number; readonly wasOnly: boolean }): void => {
  const row = item * words;
  const last = columns.lastAt[row >> 1] ?? 0;
  if (touch.at !== undefined) {
    for (const name of Object.keys(HALF_LIVES) as (keyof typeof HALF_LIVES)[]) {
      const added = name === 'strong1d' && STRONG[touch.action] !== true ? 0 : 1;
      columns[name][row] = Math.max(0, (columns[name][row] ?? 0) - added * decay(last - touch.at, HALF_LIVES[name]));
    }
  }
  columns.touches[row] = Math.max(0, (columns.touches[row] ?? 0) - 1);
  if (touch.wasOnly) columns.people[row] = Math.max(0, (columns.people[row] ?? 0) - 1);
};

export const countImpression = ({ columns, words }: Counters, item: number, { at, look }: { readonly at: number; readonly look: number }): void => {
  const row = item * words;
  const last = columns.impressionsAt[row >> 1] ?? 0;
  const now = Math.max(last, at);
  columns.looks1d[row] = (columns.looks1d[row] ?? 0) * decay(now - last, DAY) + look * decay(now - at, DAY);
  columns.looks[row] = (columns.looks[row] ?? 0) + look;
  columns.impressionsAt[row >> 1] = now;
  columns.impressions[row] = (columns.impressions[row] ?? 0) + 1;
};
