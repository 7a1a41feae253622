/** Carriers of the viewer's terms: the newest under each, and others drawn for them today, so that who is not the newest is found by some. */
import { DAY } from '../core/clock.ts';
import type { Lists } from '../memory/structures.ts';
import type { RankedList, Why } from './ranked-list.ts';
import type { RankRequest } from './ranker.ts';

/** Terms asked: those of the profile come first, then those of the latest touches. */
export const TERMS_READ = 24;
/** What a term of the viewer weighs at most: a topic read every day is not worth more than the profile and two good days. */
const HEAVIEST = 2;

export interface Carried {
  /** Term → who carries it, the newest last. */
  readonly lists: Lists;
  /** Carriers read of each term: the newest, and so many drawn from the others. */
  readonly newest: number;
  readonly drawn: number;
  /** What a term is worth, beside how much the viewer is about it. */
  readonly weigh?: (term: number) => number;
  /** What a carrier is worth whose term the viewer is wholly about; 0: not wanted. */
  readonly worth: (carrier: number) => number;
  readonly why: (carrier: number, term: number) => Why;
}

/** A term that few carry says more than one that all do. @param carriers counted up to what an index keeps */
export const rarity = (carriers: number): number => 1 / Math.log2(2 + carriers);

/** Draws the same all day for one viewer and term; any others for any others. */
const draw = (viewer: number, term: number, day: number): number =>
  (Math.imul(viewer + 1, 0x9e3779b1) ^ Math.imul(term + 1, 0x85ebca6b) ^ Math.imul(day, 0xc2b2ae35)) >>> 0;

/** Cost: at most TERMS_READ x (newest + drawn) carriers, whatever the inventory. */
export const addByTerms = ({ viewer, context }: RankRequest, into: RankedList, { lists, newest, drawn, weigh, worth, why }: Carried): void => {
  const { data, head } = lists.view;
  const { touched, values, count } = viewer.terms;
  const day = Math.floor(context.now / DAY);
  for (let i = 0; i < Math.min(TERMS_READ, count); i++) {
    const term = touched[i] ?? 0;
    const block = head[term] ?? 0;
    const carriers = data[block] ?? 0;
    if (carriers === 0) continue;
    const weight = Math.min(HEAVIEST, values[term] ?? 0) * (weigh?.(term) ?? 1) * rarity(carriers);
    const add = (at: number): void => {
      const carrier = data[at] ?? 0;
      const value = weight * worth(carrier);
      if (value > 0) into.add(carrier, value, why(carrier, term));
    };
    const first = block + 2;
    const fresh = Math.max(first, first + carriers - newest);
    for (let at = fresh; at < first + carriers; at++) add(at);
    const others = fresh - first;
    const start = others === 0 ? 0 : draw(viewer.number, term, day) % others;
    for (let k = 0; k < Math.min(drawn, others); k++) add(first + (start + k) % others);
  }
};
