/** The hard rules of a list, as data, and whether a place of one keeps them: one reading for whatever moves, inserts or drops cards after a list was arranged. */
import { ENTITY_KINDS } from '../../core/registry.ts';

/** The rules of a list: their version stands in every served record. */
export interface ListRules {
  readonly version: string;
  /** Two items of one maker have at least so many others between them. */
  readonly makerApart: number;
  /** At most so many of one kind follow each other. */
  readonly inARow: number;
  /** By kind number: two of it have at least so many others between them; 0 for kinds that fill a feed. */
  readonly kindApart: ArrayLike<number>;
}

/** Kinds that season a feed and do not fill it: at least so many others between two of them. */
export const KIND_APART: Readonly<Record<string, number>> = { job: 4, member: 5, group: 8, course: 8, event: 8 };
export const LIST_RULES: ListRules = { version: 'rules-3', makerApart: 2, inARow: 2, kindApart: Int32Array.from(ENTITY_KINDS, (kind) => KIND_APART[kind] ?? 0) };

/** The farthest that a rule looks, up or down. */
export const REACH: number = Math.max(LIST_RULES.makerApart, LIST_RULES.inARow, ...Object.values(KIND_APART));

/** A list, or a stretch of one, as its rules see it: kind and maker (0: nobody known) by place. */
export interface Ruled { readonly kind: ArrayLike<number>; readonly maker: ArrayLike<number>; readonly size: number }

/** A stretch of a list that is written place by place, for as many places as it was made for. */
export interface Stretch extends Ruled { readonly kind: Int32Array; readonly maker: Int32Array; size: number }
export const createStretch = (places: number): Stretch => ({ kind: new Int32Array(places), maker: new Int32Array(places), size: 0 });
/** What its rules see of an item. @param columns those of the catalogue's items */
export const putItem = ({ kind, maker }: Stretch, place: number, { item, columns }: { readonly item: number; readonly columns: { readonly kind: ArrayLike<number>; readonly author: ArrayLike<number> } }): void => {
  kind[place] = columns.kind[item] ?? 0;
  maker[place] = columns.author[item] ?? 0;
};

/** What a place may break, in bits: the rule that is given up first weighs least. */
const KINDS_APART = 1;
const IN_A_ROW = 2;
const MAKERS_APART = 4;

/**
 * The rules that what stands at a place breaks with what stands above it and below: 0 for none, else bits, the more the worse. Where a list has one kind alone every
 * place breaks some, so whoever changes a list asks that none breaks that was kept before. Allocates nothing.
 */
export const brokenAt = ({ kind, maker, size }: Ruled, place: number, { makerApart, inARow, kindApart }: ListRules): number => {
  const own = kind[place] ?? 0;
  const by = maker[place] ?? 0;
  const apart = kindApart[own] ?? 0;
  const reach = Math.max(makerApart, apart);
  const last = Math.min(size - 1, place + reach);
  let broken = 0;
  for (let other = Math.max(0, place - reach); other <= last; other++) {
    if (other === place) continue;
    const distance = Math.abs(other - place);
    if (distance <= makerApart && by !== 0 && maker[other] === by) broken |= MAKERS_APART;
    if (distance <= apart && kind[other] === own) broken |= KINDS_APART;
  }
  let run = 1;
  for (let above = place - 1; above >= 0 && run <= inARow && kind[above] === own; above--) run++;
  for (let below = place + 1; below < size && run <= inARow && kind[below] === own; below++) run++;
  return run > inARow ? broken | IN_A_ROW : broken;
};

/** Of so many bits, how many are set. */
const SET = [0, 1, 1, 2, 1, 2, 2, 3] as const;

/** Two places, by what they break. */
export interface Pair { readonly one: number; readonly other: number }

/** Whether two places that broke these rules break no other, and no more, by what they hold now. */
export const isNoWorse = (now: Pair, before: Pair): boolean =>
  ((now.one | now.other) & ~(before.one | before.other)) === 0 && (SET[now.one] ?? 0) + (SET[now.other] ?? 0) <= (SET[before.one] ?? 0) + (SET[before.other] ?? 0);
